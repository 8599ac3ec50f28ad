import { type Kind, right, wrong } from './kind.ts'

const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$/

/** Names of hosts, each alone or, with `*.` before it, all those below it. */
export const hostPatterns: Kind<readonly string[]> = {
  says: 'names of hosts, for example push.example.org or *.push.example.org',
  shape: 'list',
  parse(items) {
    const hosts = items.map((item) => item.toLowerCase())
    const odd = hosts.find((host) => !HOST.test(host))
    return odd === undefined ? right(Object.freeze(hosts)) : wrong(`${odd} is not the name of a host.`)
  },
}
