import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { makeCertificates } from '../dev/hosts/certificates.ts'
import { judges } from '../src/app/configured.ts'
import { radiusConfig } from '../src/app/outward.ts'
import { readConfig } from '../src/config/read-config.ts'
import { checkForRole } from '../src/config/roles.ts'

const CANARY = 'canary-of-a-secret'
const least = {
  SALLYPORT_DIRECTORY_KIND: 'radius',
  SALLYPORT_DIRECTORY_RADIUS_SERVERS: 'radius1.example.org',
  SALLYPORT_DIRECTORY_RADIUS_SECRET: CANARY,
}
const two = {
  ...least,
  SALLYPORT_DIRECTORY_RADIUS_SERVERS: 'radius1.example.org, 192.0.2.5:1645, [2001:db8::5]:1700, [2001:db8::6]',
  SALLYPORT_DIRECTORY_RADIUS2_SERVERS: 'radius9.example.org',
  SALLYPORT_DIRECTORY_RADIUS2_SECRET: `${CANARY}-of-another`,
}

describe('RADIUS servers in the configuration', () => {
  test('come in their order, each with its port and its secret', () => {
    assert.deepEqual(
      radius(two).servers.map(({ host, port, secret }) => [host, port, secret.reveal()]),
      [
        ['radius1.example.org', 1812, CANARY],
        ['192.0.2.5', 1645, CANARY],
        ['2001:db8::5', 1700, CANARY],
        ['2001:db8::6', 1812, CANARY],
        ['radius9.example.org', 1812, `${CANARY}-of-another`],
      ],
    )
  })

  test('are asked by PAP, three times, and believed with Message-Authenticator only, unless told otherwise', () => {
    const { method, names, nas, waiver, firstWaitMs, sendings, restMs, statusServer } = radius(least)
    assert.deepEqual(
      [method, names, nas],
      ['pap', { form: 'bare', domains: [] }, { identifier: 'sallyport', address: undefined }],
    )
    assert.deepEqual([waiver, firstWaitMs, sendings, restMs, statusServer], [undefined, 2_000, 3, 60_000, true])
    assert.equal(radius({ ...least, SALLYPORT_DIRECTORY_RADIUS_STATUS_SERVER: 'false' }).statusServer, false)
    assert.equal(radiusConfig(radius(least)).proof, 'demanded')

    const waived = radius({ ...least, SALLYPORT_DIRECTORY_RADIUS_MESSAGE_AUTHENTICATOR_WAIVED: 'it is of 2019' })
    assert.deepEqual(radiusConfig(waived).proof, { waivedBecause: 'it is of 2019' })
  })

  test('over TLS have another port, and a secret that is public', () => {
    const { servers, tls } = radius({
      SALLYPORT_DIRECTORY_KIND: 'radius',
      SALLYPORT_DIRECTORY_RADIUS_SERVERS: 'radius1.example.org, radius2.example.org:2084',
      SALLYPORT_DIRECTORY_RADIUS_TRANSPORT: 'tls',
    })
    assert.deepEqual(
      servers.map(({ port, secret }) => [port, secret.reveal()]),
      [
        [2083, 'radsec'],
        [2084, 'radsec'],
      ],
    )
    assert.deepEqual(tls, { ca: undefined, cert: undefined, key: undefined })
    assert.equal(radius(least).tls, undefined)
  })

  test('have a certificate and its key together, from files that hold such, and over TLS only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-radius-'))
    after(() => rmSync(folder, { recursive: true }))
    makeCertificates(folder, ['DNS:localhost'])
    const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')]
    const tls = { ...least, SALLYPORT_DIRECTORY_RADIUS_TRANSPORT: 'tls' }
    const own = { SALLYPORT_DIRECTORY_RADIUS_TLS_CERT: cert, SALLYPORT_DIRECTORY_RADIUS_TLS_KEY: key }

    const settled = radius({ ...tls, ...own }).tls
    assert.match(settled?.cert ?? '', /BEGIN CERTIFICATE/)
    assert.match(settled?.key?.reveal() ?? '', /PRIVATE KEY/)
    assert.ok(!inspect(settled).includes('PRIVATE'))
    assert.deepEqual(mistakesOf({ ...tls, SALLYPORT_DIRECTORY_RADIUS_TLS_CERT: cert }), ['directory.radius.tls.cert'])
    assert.deepEqual(mistakesOf({ ...tls, ...own, SALLYPORT_DIRECTORY_RADIUS_TLS_KEY: cert }), [
      'directory.radius.tls.key',
    ])
    assert.deepEqual(mistakesOf({ ...least, ...own }), ['directory.radius.tls.cert'])
  })

  for (const [what, name, value] of [
    ['a server that is an address', 'SERVERS', 'radius://radius1.example.org'],
    ['a server without a name', 'SERVERS', ':1812'],
    ['a port that there is not', 'SERVERS', 'radius1.example.org:70000'],
    ['half an address', 'SERVERS', '192.0.2'],
    ['a waiver that is no reason', 'MESSAGE_AUTHENTICATOR_WAIVED', 'true'],
    ['another method', 'METHOD', 'chap'],
    ['a name of ours that is too short', 'NAS_IDENTIFIER', 'sp'],
    ['a name of ours that no packet holds', 'NAS_IDENTIFIER', 'é'.repeat(127)],
    ['an address of ours that is a name', 'NAS_ADDRESS', 'sallyport'],
    ['a domain that is an address', 'DOMAINS', 'ann@corp.example.org'],
  ] as const) {
    test(`are not taken with ${what}`, () => {
      const mistakes = mistakesOf({ ...least, [`SALLYPORT_DIRECTORY_RADIUS_${name}`]: value })
      assert.deepEqual(mistakes, [`directory.radius.${name.toLowerCase()}`])
    })
  }

  test('change no password unless told to, and by PAP none', () => {
    assert.equal(radius(least).changePasswords, false)
    const changing = { ...least, SALLYPORT_DIRECTORY_RADIUS_CHANGE_EXPIRED: 'true' }
    assert.deepEqual(mistakesOf(changing), ['directory.radius.change_expired'])
    assert.equal(radius({ ...changing, SALLYPORT_DIRECTORY_RADIUS_METHOD: 'ms-chap-v2' }).changePasswords, true)
  })

  test('want a secret, for each kind of them, and their switch', () => {
    const { SALLYPORT_DIRECTORY_RADIUS_SECRET: _, ...bare } = least
    assert.deepEqual(mistakesOf(bare), ['directory.kind'])
    assert.deepEqual(mistakesOf({ ...least, SALLYPORT_DIRECTORY_RADIUS2_SERVERS: 'radius9' }), [
      'directory.radius2.servers',
    ])
    const { SALLYPORT_DIRECTORY_KIND: __, ...unswitched } = least
    assert.deepEqual(mistakesOf(unswitched), ['directory.radius.servers'])
  })

  test("are the server's to know, and their secrets nobody's", () => {
    const config = right(two)
    assert.ok(!inspect(config, { depth: 9 }).includes(CANARY) && !JSON.stringify(config).includes(CANARY))
    const paths = checkForRole(config, 'portal').map(({ path }) => path)
    assert.ok(paths.includes('directory.radius.secret'), paths.join())
  })
})

function right(env: Record<string, string>) {
  const read = readConfig({ env, judges })
  assert.ok('config' in read, JSON.stringify(read))
  return read.config
}

function radius(env: Record<string, string>) {
  const { directory } = right(env)
  assert.ok(directory.kind === 'radius')
  return directory.radius
}

function mistakesOf(env: Record<string, string>): string[] {
  const read = readConfig({ env, judges })
  assert.ok('mistakes' in read, 'there should be mistakes')
  return read.mistakes.map(({ path = '' }) => path)
}
