import { spawnSync } from 'node:child_process'

/** Programs that some tests need, by the kind in the test file's name (`x.browser.test.ts`). */
export const needs: readonly { kind: string; name: string; install: string; isThere(): boolean }[] = [
  {
    kind: 'chaos',
    name: 'crashes',
    install: 'run them on Linux',
    isThere: () => process.platform === 'linux',
  },
  { kind: 'browser', name: 'Chromium', install: 'apt-get install chromium', isThere: () => works('chromium') },
  { kind: 'nats', name: 'NATS', install: 'apt-get install nats-server', isThere: () => works('nats-server') },
  { kind: 'redis', name: 'Redis', install: 'apt-get install redis-server', isThere: () => works('redis-server') },
  {
    kind: 'kafka',
    name: 'Kafka',
    install: 'apt-get install openjdk-17-jre-headless maven',
    isThere: () => works('java') && works('mvn'),
  },
]

const works = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
