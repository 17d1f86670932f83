import { test } from 'node:test'
import { assertStored, postRandomBodies, startTestService } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { channels, notification } from './contract.ts'
import { createNotification } from './service.ts'

const keys = Array.from({ length: 500 }, (_, n) => `k${n}`)

test('of ten thousand random notifications those accepted are stored once, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createNotification, readConfig })
  const answers = await postRandomBodies(`${api}${notification.routes.notify.path}`, {
    fields: {
      recipient: ['system@bookinfo', 'ボブ', 'ناشر'],
      channel: channels,
      subject: ['p1', '<b>p2</b>', 'x'.repeat(500)],
      body: ['New rating submitted', 'كتاب'],
      idempotency_key: [...keys, undefined, ''],
    },
  })
  assertStored(answers, (await pool.query('SELECT id FROM notifications')).rows)
})
