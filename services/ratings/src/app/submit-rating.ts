import type { Stored, WriteKey } from '@bookinfo/idempotency'
import { createRating, type Rating } from '../domain.ts'
import type { RatingStore } from '../ports.ts'
import type { RatingsTelemetry } from '../telemetry.ts'

type Needs = { ratings: RatingStore; telemetry: RatingsTelemetry; now: () => Date; newId: () => string }
type Input = { productId: string; reviewer: string; stars: number }

/** Stores a rating once, however often the call arrives. */
export const submitRating =
  ({ ratings, telemetry, now, newId }: Needs) =>
  async (input: Input, key: WriteKey): Promise<Stored<Rating>> => {
    const stored = await ratings.addOnce(key, createRating({ ...input, id: newId(), createdAt: now() }))
    telemetry.submitted(stored, key)
    return stored
  }
