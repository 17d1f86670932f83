import type { ReviewStore } from '../ports.ts'
import type { ReviewsTelemetry } from '../telemetry.ts'

type Needs = { reviews: ReviewStore; telemetry: ReviewsTelemetry; now: () => Date }

/** Deletes a review; a second delete, or one of a review that does not exist, is a success too. */
export const deleteReview =
  ({ reviews, telemetry, now }: Needs) =>
  async (id: string): Promise<void> => {
    const deleted = await reviews.deleteOnce(id, now())
    if (deleted === undefined) telemetry.nothingDeleted(id)
    else telemetry.deleted(id, deleted)
  }
