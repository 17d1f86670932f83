import { describeError, toAppError } from '@bookinfo/errors'
import type { Backend, PendingStore } from '../ports.ts'

type Needs = { backend: Backend; pending: PendingStore; now: () => Date; newId: () => string }

/** A form as it was filled in. */
export type ReviewForm = { productId: string; reviewer: string; stars: string; text: string; reviewId: string }
export type FieldErrors = Partial<Record<'productId' | 'reviewer' | 'stars' | 'text', string>>

export type SubmitResult =
  | { kind: 'submitted'; stars: number; reviewId: string; warning: string | undefined }
  | { kind: 'invalid'; errors: FieldErrors }
  | { kind: 'refused'; error: string; mintsNewId: boolean }
  | { kind: 'failed'; error: string }

const reviewerMaxCharacters = 200
const textMaxCharacters = 10_000
const mintedId = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Sends a rating and, with a text, a review. The id was minted when the form was shown and is the key of both, so a form that is sent
 * twice is one review.
 */
export const submitReview =
  ({ backend, pending, now, newId }: Needs) =>
  async (form: ReviewForm): Promise<SubmitResult> => {
    const errors = check(form)
    if (Object.keys(errors).length > 0) return { kind: 'invalid', errors }
    const { productId, text } = form
    const reviewer = form.reviewer.trim()
    const stars = Number(form.stars)
    const reviewId = mintedId.test(form.reviewId) ? form.reviewId : newId()
    try {
      await backend.submitRating({ productId, reviewer, stars }, reviewId)
    } catch (error) {
      const { code, message } = toAppError(error)
      if (code === 'invalid' || code === 'conflict') {
        return { kind: 'refused', error: message, mintsNewId: code === 'conflict' }
      }
      return { kind: 'failed', error: code === 'internal' ? 'something went wrong' : message }
    }
    if (text.trim() === '') return { kind: 'submitted', stars, reviewId, warning: undefined }
    try {
      await backend.submitReview({ productId, reviewer, text, reviewId }, reviewId)
      // Without the cache the review still comes; it is only not shown before.
      await pending.add(productId, { id: reviewId, reviewer, text, stars, at: now() }).catch(describeError)
      return { kind: 'submitted', stars, reviewId, warning: undefined }
    } catch {
      return {
        kind: 'submitted',
        stars,
        reviewId,
        warning: 'Your rating was submitted; the reviews service is unavailable — please retry the review separately.',
      }
    }
  }

const check = ({ productId, reviewer, stars, text }: ReviewForm): FieldErrors => {
  const name = reviewer.trim()
  return {
    ...(productId.trim() === '' && { productId: 'The book is missing; open its page and try again.' }),
    ...(name === '' && { reviewer: 'Please give your name.' }),
    ...(name.length > reviewerMaxCharacters && { reviewer: `Please use at most ${reviewerMaxCharacters} characters.` }),
    ...(!/^[1-5]$/.test(stars) && { stars: 'Please choose from 1 to 5 stars.' }),
    ...(text.length > textMaxCharacters && { text: `Please use at most ${textMaxCharacters} characters.` }),
    ...(isUnstorable(name) && { reviewer: 'This name holds a character that cannot be stored.' }),
    ...(isUnstorable(text) && { text: 'This text holds a character that cannot be stored.' }),
  }
}

const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed()
