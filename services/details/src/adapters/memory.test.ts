import type { OutgoingEvent } from '@bookinfo/eventlog'
import { createMemoryBooks } from './memory.ts'
import { describeBookStore } from './store-suite.ts'

describeBookStore('books in memory', async () => {
  const events: OutgoingEvent[] = []
  let eventIds = 0
  const outbox = { add: (event: OutgoingEvent) => void events.push(event) }
  const newEventId = () => `e${(eventIds += 1)}`
  return { books: createMemoryBooks({ outbox, newEventId }), published: async () => events }
})
