import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freeAddress } from './address.ts'
import { makeCertificates } from './certificates.ts'
import { end, freeze, isRunning, thaw } from './ending.ts'
import { isListening } from './port.ts'
import { smbConf } from './samba-configuration.ts'
import { corp, type Realm } from './samba-people.ts'

export type Controller = {
  /** As its certificate and the domain's DNS name it. */
  name: string
  address: string
  /** By its address, which the certificate names too. */
  ldapUrl: string
  ldapsUrl: string
  /** Ends it at once, as a power cut would, and leaves its data. */
  kill(): Promise<void>
  start(): Promise<void>
  /** It hangs until `thaw`. */
  freeze(): void
  thaw(): void
}

export type SambaHost = {
  /** The one that DNS names first comes first. Each has a database of its own: nothing is replicated. */
  controllers: readonly [Controller, ...Controller[]]
  /** Where the first one answers for the domain's names: `_ldap._tcp.dc._msdcs.corp.example` and the hosts. */
  dns: string
  ca: string
  domain: string
  netbios: string
  baseDn: string
  /** May read, as everybody in a domain may, and nothing else. */
  service: Realm['service']
  administrator: { name: string; password: string }
  /** Writes the first one's keys of that service to the file, as for the machine that has the service. */
  writeKeytab(principal: string, file: string): void
  stop(): Promise<void>
}

/** `kerberos`: its controllers give tickets too. `forwarder`: the address of a DNS server that is asked for what this domain does not know. */
type Wishes = {
  realm?: Realm
  controllers?: 1 | 2
  more?: { add?: string; change?: string }
  kerberos?: boolean
  forwarder?: string
}

const PROGRAM = '/usr/sbin/samba'
const STARTING_MAY_TAKE_MS = 60_000
/** Seconds, or a minute on a machine that has much else to do. */
const MAKING_MAY_TAKE_MS = 90_000
const ADMINISTRATORS_PASSWORD = 'Owns-it-all-1'
/** Set by the test command: where the domain that others are copies of is kept. */
const MODEL_FOLDER = process.env.SALLYPORT_TEST_SAMBA || undefined

/** Its ports are below 1024 and its addresses its own, so it takes root. */
export function sambaIsInstalled(): boolean {
  return existsSync(PROGRAM) && existsSync('/usr/sbin/ip') && process.getuid?.() === 0
}

/** Debian's Samba as an Active Directory domain with some people, in a temporary folder, on addresses of its own on loopback. */
export async function startSamba(wishes: Wishes = {}): Promise<SambaHost> {
  const { realm = corp, controllers: count = 1, more = {}, kerberos, forwarder } = wishes
  const { domain, netbios, baseDn } = realm
  if (!sambaIsInstalled()) throw new Error('Samba needs root and the Debian packages samba and samba-ad-provision')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-samba-'))
  const running: Running[] = []
  const clean = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', clean)
  try {
    const addresses: string[] = []
    while (addresses.length < count) addresses.push(await freeAddress())
    const names = addresses.map((_, i) => `dc${i + 1}.${domain}`)
    const ca = makeCertificates(folder, [
      ...names.map((name) => `DNS:${name}`),
      ...addresses.map((each) => `IP:${each}`),
    ])
    const model = await modelDomain(realm)
    const dns = namesLdif(realm, names, addresses)
    for (const [i, address] of addresses.entries()) {
      const own = join(folder, `dc${i + 1}`)
      // Plain copies: Node's own would follow what Samba means as links.
      execFileSync('cp', ['-a', model, own])
      const place = { realm, folder: own, address, certificates: folder, kerberos, forwarder }
      writeFileSync(join(own, 'smb.conf'), smbConf(place))
      fill(own, { ...more, ...dns })
      running.push(await run(own, address))
    }
    const [first = '', ...others] = addresses
    const controllerAt = (address: string, i: number) => controller(running, i, names[i] ?? '', address)
    return {
      controllers: [controllerAt(first, 0), ...others.map((address, i) => controllerAt(address, i + 1))],
      dns: first,
      ...{ ca, domain, netbios, baseDn, service: realm.service },
      administrator: { name: `Administrator@${domain}`, password: ADMINISTRATORS_PASSWORD },
      writeKeytab: (principal, file) => writeKeytab(join(folder, 'dc1'), principal, file),
      async stop() {
        process.off('exit', clean)
        for (const { server } of running) await end(server, 'SIGTERM')
        clean()
      },
    }
  } catch (error) {
    for (const { server } of running) await end(server, 'SIGKILL')
    process.off('exit', clean)
    clean()
    throw error
  }
}

type Running = { server: ChildProcess; folder: string }

function controller(running: Running[], i: number, name: string, address: string): Controller {
  const mine = () => running[i] as Running
  return {
    ...{ name, address, ldapUrl: `ldap://${address}`, ldapsUrl: `ldaps://${address}` },
    kill: () => end(mine().server, 'SIGKILL'),
    freeze: () => freeze(mine().server),
    thaw: () => thaw(mine().server),
    async start() {
      running[i] = await run(mine().folder, address)
    },
  }
}

/** Made by whoever comes first: to provision a domain takes seconds, to copy it none. */
async function modelDomain(realm: Realm): Promise<string> {
  const top = MODEL_FOLDER ?? mkdtempSync(join(tmpdir(), 'sallyport-domain-'))
  if (MODEL_FOLDER === undefined) process.once('exit', () => rmSync(top, { recursive: true, force: true }))
  const folder = join(top, realm.domain)
  mkdirSync(folder, { recursive: true })
  const model = join(folder, 'model')
  const deadline = performance.now() + MAKING_MAY_TAKE_MS
  while (!existsSync(model)) {
    if (isMaker(folder)) return provision(realm, folder, model)
    if (performance.now() > deadline) throw new Error('nobody has made the domain')
    await wait(50)
  }
  return model
}

function isMaker(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'making'))
    return true
  } catch {
    return false
  }
}

function provision(realm: Realm, folder: string, model: string): string {
  const { domain, netbios, sid } = realm
  const making = join(folder, 'making')
  execFileSync(
    'samba-tool',
    [
      ...['domain', 'provision', `--targetdir=${making}`, `--realm=${domain}`, `--domain=${netbios}`],
      ...[
        '--server-role=dc',
        '--dns-backend=SAMBA_INTERNAL',
        '--host-name=dc1',
        '--host-ip=127.0.0.1',
        '--use-rfc2307',
      ],
      `--adminpass=${ADMINISTRATORS_PASSWORD}`,
      `--domain-sid=${sid}`,
    ],
    { stdio: 'pipe' },
  )
  rmSync(join(making, 'private', 'tls'), { recursive: true, force: true })
  const address = '127.0.0.1'
  writeFileSync(join(making, 'smb.conf'), smbConf({ realm, folder: making, address, certificates: folder }))
  fill(making, realm.ldif())
  renameSync(making, model)
  return model
}

type Orders = { add?: string; change?: string; hosts?: object[]; services?: object[] }

function fill(folder: string, orders: Orders): void {
  const program = new URL('./samba-fill.py', import.meta.url).pathname
  execFileSync('/usr/bin/python3', [program, folder], { input: JSON.stringify(orders), stdio: 'pipe' })
}

function writeKeytab(folder: string, principal: string, file: string): void {
  const of = ['domain', 'exportkeytab', file, `--principal=${principal}`, '-s', join(folder, 'smb.conf')]
  execFileSync('samba-tool', of, { stdio: 'pipe' })
}

function namesLdif(
  { domain, baseDn }: Realm,
  names: readonly string[],
  addresses: readonly string[],
): Pick<Orders, 'hosts' | 'services'> {
  const zone = (part: string, name: string) => `DC=${name},CN=MicrosoftDNS,DC=${part},${baseDn}`
  const hosts = addresses.map((address, i) => ({ dn: `DC=dc${i + 1},${zone('DomainDnsZones', domain)}`, address }))
  const dn = `DC=_ldap._tcp.dc,${zone('ForestDnsZones', `_msdcs.${domain}`)}`
  return { hosts, services: [{ dn, hosts: names }] }
}

async function run(folder: string, address: string): Promise<Running> {
  mkdirSync(join(folder, 'run'), { recursive: true })
  mkdirSync(join(folder, 'ncalrpc'), { recursive: true })
  const options = [
    '-F',
    '--no-process-group',
    '--model=single',
    '-d1',
    '--debug-stdout',
    '-s',
    join(folder, 'smb.conf'),
  ]
  // pdeathsig: it must not outlive us, however we end.
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', PROGRAM, ...options], {
    cwd: dirname(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text) => (said = `${said}${text}`.slice(-2000)))
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    if ((await isListening(636, address)) && (await isListening(53, address))) return { server, folder }
    await wait(25)
  }
  await end(server, 'SIGKILL')
  throw new Error(`Samba did not start: ${said}`)
}
