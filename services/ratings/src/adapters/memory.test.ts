import type { OutgoingEvent } from '@bookinfo/eventlog'
import { createMemoryRatings } from './memory.ts'
import { describeRatingStore } from './store-suite.ts'

describeRatingStore('ratings in memory', async () => {
  const events: OutgoingEvent[] = []
  let eventIds = 0
  const outbox = { add: (event: OutgoingEvent) => void events.push(event) }
  const newEventId = () => `e${(eventIds += 1)}`
  return { ratings: createMemoryRatings({ outbox, newEventId }), published: async () => events }
})
