export type ProfilePush = { close(): Promise<void> }

type Config = {
  name: string
  pyroscopeAddress: string | undefined
  podName: string | undefined
  podNamespace: string | undefined
}

let pushing: Promise<ProfilePush> | undefined

/** Pushes this process's profiles to Pyroscope when an address is configured; one push a process, however many services it holds. */
export const startPushingProfiles = (config: Config): ProfilePush => {
  if (config.pyroscopeAddress === undefined) return { close: async () => {} }
  pushing ??= start(config)
  return { close: async () => (await pushing)?.close() }
}

const start = async ({ name, pyroscopeAddress, podName, podNamespace }: Config): Promise<ProfilePush> => {
  const { default: pyroscope } = await import('@pyroscope/nodejs')
  const tags = { ...(podName && { pod: podName }), ...(podNamespace && { namespace: podNamespace }) }
  pyroscope.init({ serverAddress: pyroscopeAddress as string, appName: name, tags })
  pyroscope.start()
  return { close: async () => void (await pyroscope.stop()) }
}
