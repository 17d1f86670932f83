import { createMemoryLetters } from './memory.ts'
import { describeLetterStore } from './store-suite.ts'

describeLetterStore('letters in memory', async () => createMemoryLetters())
