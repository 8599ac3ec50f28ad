/** How many streams are open, each device's own and all together: a stream holds a connection for minutes. */
export type Streams = {
  /** What gives the place back, once or again; undefined where there is none. */
  take(deviceId: string): (() => void) | undefined
}

export function streams({ ofDevice, ofAll }: { ofDevice: number; ofAll: number }): Streams {
  const open = new Map<string, number>()
  let all = 0
  return {
    take(deviceId) {
      const own = open.get(deviceId) ?? 0
      if (own >= ofDevice || all >= ofAll) return undefined
      open.set(deviceId, own + 1)
      all++
      let taken = true
      return () => {
        if (!taken) return
        taken = false
        all--
        const left = (open.get(deviceId) ?? 1) - 1
        if (left === 0) open.delete(deviceId)
        else open.set(deviceId, left)
      }
    },
  }
}
