import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { SubmittedReview } from '../domain.ts'
import type { ReviewStore } from '../ports.ts'
import type { ReviewsTelemetry } from '../telemetry.ts'

type Needs = { reviews: ReviewStore; telemetry: ReviewsTelemetry; now: () => Date; newId: () => string }
type Input = { id: string | undefined; productId: string; reviewer: string; text: string }

/** Stores a review once, however often the call arrives; one that was deleted stays deleted. */
export const submitReview =
  ({ reviews, telemetry, now, newId }: Needs) =>
  async ({ id = newId(), ...content }: Input, key: WriteKey): Promise<Stored<SubmittedReview>> => {
    const stored = await reviews.addOnce(key, { id, ...content, createdAt: now() })
    telemetry.submitted(stored, key)
    return stored
  }
