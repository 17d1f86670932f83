import { AppError, describeError } from '@bookinfo/errors'
import { bench } from './bench/command.ts'
import { up } from './up/command.ts'

const commands: Record<string, (args: readonly string[]) => Promise<void>> = { up, bench }

const [name = 'up', ...args] = process.argv.slice(2)
const command = commands[name]

try {
  if (command === undefined)
    throw new AppError('invalid', `there is no command ${name}; there are ${Object.keys(commands).join(', ')}`)
  await command(args)
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : describeError(error)}\n`)
  process.exit(1)
}
