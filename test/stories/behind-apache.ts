import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { after } from 'node:test'
import { parse } from 'yaml'
import { servesAs, startApache } from '../../dev/hosts/apache.ts'
import { makeCertificates } from '../../dev/hosts/certificates.ts'
import { kerberosTickets } from '../../dev/hosts/kerberos.ts'
import { freePort } from '../../dev/hosts/port.ts'
import type { SambaHost } from '../../dev/hosts/samba.ts'
import { accountLdif, domain, peopleDn } from '../../dev/hosts/samba-people.ts'
import { root } from '../source.ts'
import { temporaryFolder } from './program.ts'
import { serveWith } from './with-directory.ts'

/** Chromium takes names below localhost for this machine without asking anybody. */
export const host = 'mfa.localhost'
const principal = `HTTP/${host}`
export const portalAccount = accountLdif({
  cn: 'Portal',
  name: 'sallyport-portal',
  lines: [`servicePrincipalName: ${principal}`, 'msDS-SupportedEncryptionTypes: 24'],
})

/** The portal of that domain behind Apache, both configured as the guide says, word for word but for names, places and ports. */
export async function behindApache(samba: SambaHost) {
  const folder = temporaryFolder()
  const ports = { apache: await freePort(), sallyport: await freePort() }
  const guide = readFileSync(join(root, 'docs/guides/integrated-sign-in.md'), 'utf8')
  const ofGuide = parse(block(guide, 'yaml')).portal as { listen: string; url: string; trusted_proxies: string[] }
  const served = await serveWith((ca) => ({ kind: 'windows', windows: { ...windows(samba), ca } }), samba.ca, {
    ...ofGuide,
    listen: `127.0.0.1:${ports.sallyport}`,
    url: `https://${host}:${ports.apache}`,
  })
  const tickets = kerberosTickets(samba.dns, folder)
  const site = adapted(block(guide, 'apache'), [
    ['*:443', `127.0.0.1:${ports.apache}`],
    ['mfa.corp.example.org', host],
    ['CORP\\.EXAMPLE\\.ORG', domain.toUpperCase().replace('.', '\\.')],
    ['https://127.0.0.1:8443/', `https://127.0.0.1:${ports.sallyport}/`],
    ['/var/lib/sallyport/', `${served.data}/`],
    ['/etc/apache2/mfa.keytab', keytab(samba, folder)],
    ['/etc/apache2/mfa.pem', `${folder}/server.pem`],
    ['/etc/apache2/mfa.key', `${folder}/server.key`],
  ])
  makeCertificates(folder, [`DNS:${host}`])
  const apache = await startApache({ port: ports.apache, site, env: tickets.env })
  after(() => apache.stop())
  return { ...served, ports, tickets }
}

function windows({ dns, service }: SambaHost): object {
  return { domain, dns: [dns], account: service.name, password: service.password, base_dn: peopleDn }
}

/** Of whom Apache serves as, and of nobody else. */
function keytab(samba: SambaHost, folder: string): string {
  const file = join(folder, 'mfa.keytab')
  samba.writeKeytab(principal, file)
  execFileSync('chown', [`root:${servesAs}`, file])
  chmodSync(file, 0o640)
  chmodSync(folder, 0o711)
  return file
}

function block(page: string, language: string): string {
  return page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? assert.fail(`the guide has no ${language}`)
}

function adapted(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `the guide has no ${from}`)
    return before.replaceAll(from, to)
  }, text)
}

type Sent = { port: number; path: string; method?: string; headers?: Record<string, string>; from?: string }

/** What no browser sends: any header, from any address of this machine. */
export async function sendRaw({ port, path, method = 'GET', headers = {}, from = '127.0.0.1' }: Sent) {
  const sending = request({
    ...{ host: '127.0.0.1', port, path: `/MultiFactorAuth${path}`, method, localAddress: from },
    headers: { host, ...headers },
    // Whose certificate it is does not matter to a stranger.
    rejectUnauthorized: false,
  })
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    sending.once('error', reject).once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sending.end()
  })
}
