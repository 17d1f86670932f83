import { startNats } from '@bookinfo/testing'

const defaultPort = 4_222

const port = Number(process.argv[2] ?? defaultPort)
const nats = await startNats({ port })
process.stdout.write(`NATS runs at ${nats.address} (process ${nats.pid()}), with data that goes when it stops\n`)
const stop = () => void nats.remove().then(() => process.exit(0))
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
