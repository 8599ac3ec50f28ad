import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { AuthenticatorEmulator, WebAuthnEmulator } from 'nid-webauthn-emulator'
import {
  type AssertionJson,
  type Ceremony,
  checkAssertion,
  checkRegistration,
  type KnownCredential,
  passkeyAlgorithms,
  type RegistrationJson,
} from '../../src/protocols/webauthn.ts'
import { authenticator, type Lies } from '../passkey/authenticator.ts'

const origin = 'https://mfa.example.org'
const rpId = 'mfa.example.org'
const challenge = Buffer.alloc(32, 7).toString('base64url')
const ceremony: Ceremony = { challenge, origin, rpId, userVerification: 'required' }
const other = Buffer.alloc(32, 8).toString('base64url')

const creation = {
  rp: { id: rpId, name: 'Example' },
  user: { id: Buffer.from('user-1').toString('base64url'), name: 'ada', displayName: 'Ada' },
  challenge,
  pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key' as const, alg })),
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  attestation: 'none',
} as const
const request = { challenge, timeout: 300_000, rpId, allowCredentials: [], userVerification: 'required' } as const
const options = { ...creation, pubKeyCredParams: [...creation.pubKeyCredParams], excludeCredentials: [] }
const asking = { ...request, allowCredentials: [] }

/** What is wrong with an answer, wherever it is given. */
const wrong: [what: string, lies: Lies][] = [
  ['another origin', { origin: 'https://mfa.example.org.evil.test' }],
  ['the origin with a port', { origin: `${origin}:8443` }],
  ['another site', { rpId: 'example.org' }],
  ['another challenge', { challenge: other }],
  ['nobody present', { present: false }],
  ['nobody verified', { verified: false }],
  ['the type of the other ceremony', { type: 'payment.get' }],
  ['a frame on another site', { clientData: { crossOrigin: true } }],
  ['a frame on another site that is named', { clientData: { crossOrigin: true, topOrigin: 'https://evil.test' } }],
  ['a page above it that is named', { clientData: { topOrigin: origin } }],
]

describe('a new credential', () => {
  test('is taken as it is, with what is known of it', async () => {
    const { create, keys } = authenticator({ origin, backup: 'done' })
    const made = await checkRegistration(registration(create(options)), ceremony)
    assert.equal(made?.id, keys[0]?.id)
    assert.deepEqual([made?.counter, made?.backup, made?.aaguid], [0, 'done', '00000000-0000-0000-0000-000000000000'])
  })

  for (const [what, lies] of wrong) {
    test(`with ${what} is none`, async () => {
      const { create } = authenticator({ origin })
      assert.equal(await checkRegistration(registration(create(options, lies)), ceremony), undefined)
    })
  }

  for (const [name, alg] of [
    ['ES384', -35],
    ['ES256K', -47],
    ['RS1', -65535],
    ['PS256', -37],
    ['a hash', -16],
  ] as const) {
    test(`with the algorithm ${name} is none`, async () => {
      const { create } = authenticator({ origin })
      assert.equal(await checkRegistration(registration(create(options, { alg })), ceremony), undefined)
    })
  }

  test('of another id than it says is none', async () => {
    const made = registration(authenticator({ origin }).create(options))
    assert.equal(await checkRegistration({ ...made, id: other, rawId: other }, ceremony), undefined)
    assert.equal(await checkRegistration({ ...made, rawId: other }, ceremony), undefined)
  })

  test('may do without verifying its user where that is preferred', async () => {
    const { create } = authenticator({ origin, verifies: false })
    const preferred = { ...ceremony, userVerification: 'preferred' } as const
    assert.ok(await checkRegistration(registration(create(options)), preferred))
  })

  test('is judged without what it says of its maker: no certificate is parsed, and nothing fetched', async () => {
    for (const fmt of ['packed', 'tpm', 'apple', 'android-safetynet', 'no-such-format']) {
      const attStmt = new Map<string, unknown>([['x5c', [new Uint8Array([1, 2, 3])]]])
      const { create } = authenticator({ origin })
      assert.ok(
        await checkRegistration(registration(create(options, { attestation: { fmt, attStmt } })), ceremony),
        fmt,
      )
    }
  })

  test('of bytes that are none is none', async () => {
    const made = registration(authenticator({ origin }).create(options))
    const say = (attestationObject: string) => ({ ...made, response: { ...made.response, attestationObject } })
    for (const bytes of [
      '',
      'AA',
      'oA',
      'o2NmbXRkbm9uZQ',
      'A'.repeat(8_000),
      '_'.repeat(8_000),
      'n'.repeat(12_000),
      'gYGB'.repeat(3_000),
    ])
      assert.equal(await checkRegistration(say(bytes), ceremony), undefined, bytes.slice(0, 20))
    const noAuthData = Buffer.from(isoCBOR.encode(new Map([['fmt', 'none']]))).toString('base64url')
    assert.equal(await checkRegistration(say(noAuthData), ceremony), undefined)
    for (const text of ['', 'null', '7', '[]', '{', '{"type":"webauthn.create"}']) {
      const clientDataJSON = Buffer.from(text).toString('base64url')
      const response = { ...made.response, clientDataJSON }
      assert.equal(await checkRegistration({ ...made, response }, ceremony), undefined, text)
    }
  })
})

describe('an answer', () => {
  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
    test(`is taken when it is right, by ${algorithm}`, async () => {
      const { get, known } = await world({ algorithm })
      assert.deepEqual(await checkAssertion(assertion(get(asking)), known, ceremony), { counter: 1, backup: 'none' })
    })
  }

  for (const [what, lies] of [
    ...wrong,
    ['another signature', { signature: Buffer.alloc(70, 1) }],
    ['an empty signature', { signature: new Uint8Array() }],
    ['another nature: it could not be copied before', { backup: 'possible' }],
  ] as const) {
    test(`with ${what} is refused`, async () => {
      const { get, known } = await world()
      assert.equal(await checkAssertion(assertion(get(asking, lies)), known, ceremony), undefined)
    })
  }

  test('of one credential is none of another', async () => {
    const [one, two] = [await world(), await world()]
    const answer = assertion(one.get(asking))
    assert.equal(await checkAssertion(answer, two.known, ceremony), undefined)
    const renamed = { ...answer, id: two.known.id, rawId: two.known.id }
    assert.equal(await checkAssertion(renamed, two.known, ceremony), undefined)
  })

  test('tells the counter and leaves the judgement of it to the store', async () => {
    const { get, known } = await world()
    for (const counter of [0, 7, 3, 2 ** 32 - 1])
      assert.equal((await checkAssertion(assertion(get(asking, { counter })), known, ceremony))?.counter, counter)
  })

  test('that is copied since is still taken, and says so', async () => {
    const { get, known } = await world({ backup: 'possible' })
    const answer = await checkAssertion(assertion(get(asking, { backup: 'done' })), known, ceremony)
    assert.equal(answer?.backup, 'done')
  })

  test('to making a credential is none to using it, and the other way round', async () => {
    const { create, get, known } = await world()
    const created = registration(create(options))
    const got = assertion(get(asking))
    const crossed = { ...created, response: { ...got.response, clientDataJSON: created.response.clientDataJSON } }
    assert.equal(await checkAssertion({ ...crossed, id: known.id, rawId: known.id }, known, ceremony), undefined)
    const { clientDataJSON } = got.response
    assert.equal(
      await checkRegistration({ ...created, response: { ...created.response, clientDataJSON } }, ceremony),
      undefined,
    )
  })
})

describe('the emulator of others', () => {
  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
    test(`makes and uses a credential with ${algorithm}`, async () => {
      const browser = new WebAuthnEmulator(new AuthenticatorEmulator({ algorithmIdentifiers: [algorithm] }))
      const made = await checkRegistration(browser.createJSON(origin, options) as RegistrationJson, ceremony)
      assert.ok(made)
      const allowCredentials = [{ type: 'public-key' as const, id: made.id }]
      const answer = browser.getJSON(origin, { ...asking, allowCredentials })
      assert.ok(await checkAssertion(answer as AssertionJson, made, ceremony))
    })
  }
})

function registration(text: string): RegistrationJson {
  return JSON.parse(text)
}

function assertion(text: string): AssertionJson {
  return JSON.parse(text)
}

/** An authenticator with a credential that is known. */
async function world(nature: Omit<Parameters<typeof authenticator>[0], 'origin'> = {}) {
  const browser = authenticator({ origin, ...nature })
  const made = await checkRegistration(registration(browser.create(options)), ceremony)
  const known: KnownCredential = made ?? assert.fail('it was not taken')
  return { ...browser, known }
}
