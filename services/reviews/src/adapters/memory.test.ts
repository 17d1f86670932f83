import type { OutgoingEvent } from '@bookinfo/eventlog'
import { createMemoryReviews } from './memory.ts'
import { describeReviewStore } from './store-suite.ts'

describeReviewStore('reviews in memory', async () => {
  const events: OutgoingEvent[] = []
  let eventIds = 0
  const outbox = { add: (event: OutgoingEvent) => void events.push(event) }
  const newEventId = () => `e${(eventIds += 1)}`
  return { reviews: createMemoryReviews({ outbox, newEventId }), published: async () => events }
})
