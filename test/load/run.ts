import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs a load client as a process of its own, as people do. */
export const runLoad = (args: readonly string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const main = join(import.meta.dirname, 'main.ts')
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args])
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
