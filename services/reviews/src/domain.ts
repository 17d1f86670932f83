import { AppError } from '@bookinfo/errors'

export type Review = { id: string; productId: string; reviewer: string; text: string; createdAt: Date }

/** A review as a submit finds it; `deletedAt` when it was deleted, before the submit arrived or since. */
export type SubmittedReview = Review & { deletedAt: Date | undefined }

/** Whether a review that somebody waits for is there, or was and is gone. */
export type ReviewState = { id: string; state: 'stored' | 'deleted' }

/** What a submit under a used id or key finds: a tombstone of a delete that came first has no content. */
export type Earlier = { id: string; fingerprint: string | undefined; createdAt: Date; deletedAt: Date | undefined }

/**
 * A submit that arrives again, or after its review was deleted, gets the review it means. Under an id or key of other content it is a
 * `conflict`. A deleted review's content is not kept, so the submit's own stands for it: it is equal.
 */
export const recogniseRepeat = (
  earlier: Earlier,
  { review, fingerprint }: { review: Review; fingerprint: string },
): SubmittedReview => {
  if (earlier.fingerprint !== undefined && earlier.fingerprint !== fingerprint) {
    throw new AppError('conflict', `review ${earlier.id} was submitted before with other content`)
  }
  return { ...review, id: earlier.id, createdAt: earlier.createdAt, deletedAt: earlier.deletedAt }
}
