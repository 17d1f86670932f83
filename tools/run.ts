import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** A program of the installed packages. */
export const installed = (name: string): string => join(root, 'node_modules', '.bin', name)

/** Runs a program at the root; resolves with its exit code and what it printed, or prints directly. */
export const run = (
  program: string,
  args: readonly string[],
  { prints = false, env = {} }: { prints?: boolean; env?: Record<string, string> } = {},
): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd: root,
      stdio: prints ? 'inherit' : 'pipe',
      env: { ...process.env, ...env },
    })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
