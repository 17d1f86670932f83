import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Env, readEnv } from '@bookinfo/config'
import { testDatabase } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { Notification } from './contract.ts'
import { createNotification } from './service.ts'

const start = async (env: Env) => {
  const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'notification' }
  const lines: string[] = []
  const service = await createNotification(readConfig(readEnv({ ...ports, ...env })), {
    logDestination: { write: (line) => void lines.push(line) },
  })
  const { api } = await service.listen()
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${api}/v1/notifications`, { method: 'POST', body: JSON.stringify(body), headers })
  return { service, api, post, lines }
}

const given = { recipient: 'system@bookinfo', channel: 'email', subject: 'p1', body: 'New rating submitted' }

for (const backend of ['memory', 'postgres']) {
  const open = async () =>
    start(backend === 'memory' ? {} : { STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url })

  test(`with ${backend} storage a notification is sent once for one key, and readable`, async () => {
    const { service, api, post, lines } = await open()
    const created = await post(given, { 'ce-id': 'e1/notify' })
    const notification = (await created.json()) as Notification
    assert.deepEqual([created.status, notification.status], [201, 'sent'])
    const repeated = await post(given, { 'ce-id': 'e1/notify' })
    assert.deepEqual([repeated.status, await repeated.json()], [200, notification])
    assert.equal(lines.filter((line) => line.includes('dispatching notification')).length, 1)
    assert.deepEqual(await (await fetch(`${api}/v1/notifications/${notification.id}`)).json(), notification)
    await service.close()
  })

  test(`with ${backend} storage two reviews of one book are two notifications`, async () => {
    const { service, api, post } = await open()
    await post(given, { 'ce-id': 'e1/notify' })
    await post(given, { 'ce-id': 'e2/notify' })
    const listed = (await (await fetch(`${api}/v1/notifications?recipient=system@bookinfo`)).json()) as {
      notifications: []
    }
    assert.equal(listed.notifications.length, 2)
    await service.close()
  })

  test(`with ${backend} storage an unknown notification is 404, and a request that was refused burns no key`, async () => {
    const { service, api, post } = await open()
    assert.equal((await fetch(`${api}/v1/notifications/unknown`)).status, 404)
    assert.equal((await fetch(`${api}/v1/notifications`)).status, 400)
    assert.equal((await post({ ...given, channel: 'pigeon' }, { 'idempotency-key': 'k' })).status, 400)
    assert.equal((await post(given, { 'idempotency-key': 'k' })).status, 201)
    assert.equal((await post({ ...given, subject: 'p2' }, { 'idempotency-key': 'k' })).status, 409)
    await service.close()
  })
}
