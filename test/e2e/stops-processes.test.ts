import { describeStops } from './stops.ts'

const services = ['details', 'dlqueue', 'ingestion', 'notification', 'productpage', 'ratings', 'reviews']

describeStops('with processes', {
  args: ['--processes'],
  parts: ['bookinfo', 'postgres', 'sluice', ...services].sort(),
})
