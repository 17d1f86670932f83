import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, describeError, errorCodes, toAppError } from './index.ts'

test('what nobody gave a meaning is an internal error that keeps its cause', () => {
  const cause = new Error('socket closed')
  const error = toAppError(cause)
  assert.equal(errorCodes[error.code].status, 500)
  assert.equal(error.cause, cause)
})

test('an error with a meaning stays the same object', () => {
  const error = new AppError('conflict', 'key k was used for other content')
  assert.equal(toAppError(error), error)
})

test('a description names the whole chain of causes', () => {
  const error = new AppError('unavailable', 'storing rating r1', { cause: new Error('connection refused') })
  assert.equal(describeError(error), 'storing rating r1: connection refused')
  assert.equal(describeError('text'), 'text')
})
