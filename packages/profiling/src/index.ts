export { cpuProfile, heapProfile } from './on-demand.ts'
export { type ProfilePush, startPushingProfiles } from './push.ts'
