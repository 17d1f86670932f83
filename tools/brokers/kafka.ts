import { startKafka } from '@bookinfo/testing'

const defaultPort = 9_092

const port = Number(process.argv[2] ?? defaultPort)
const kafka = await startKafka({ port })
process.stdout.write(`Kafka runs at ${kafka.address} (process ${kafka.pid()}), with data that goes when it stops\n`)
const stop = () => void kafka.remove().then(() => process.exit(0))
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
