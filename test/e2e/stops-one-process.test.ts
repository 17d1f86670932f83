import { describeStops } from './stops.ts'

describeStops('in one process', { args: [], parts: ['bookinfo', 'postgres'] })
