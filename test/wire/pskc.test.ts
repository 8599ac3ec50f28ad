import assert from 'node:assert/strict'
import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { type PskcKeys, readPskc } from '../../src/protocols/pskc.ts'
import type { ImportedToken, TokenReading } from '../../src/protocols/token-file.ts'
import * as rfc from './rfc6030.ts'

const ascii20 = Buffer.from('12345678901234567890')

describe('the figures of RFC 6030', () => {
  test('2: a basic key, whose secret of four bytes is too short to be used', async () => {
    assert.deepEqual(await problemsOf(rfc.figure2), ['secret.length'])
  })

  test('3: all that can be said of a token in plain', async () => {
    assert.deepEqual(await tokensOf(rfc.figure3), [
      {
        kind: 'hotp',
        line: 3,
        serial: '987654321',
        keyId: '12345678',
        manufacturer: 'Manufacturer',
        model: undefined,
        owner: 'UID=jsmith,DC=example-bank,DC=net',
        secret: ascii20,
        algorithm: 'SHA1',
        digits: 8,
        startsAt: undefined,
        expiresAt: undefined,
        counter: 0,
      },
    ])
  })

  test('4: a key that is derived elsewhere has no secret', async () => {
    assert.deepEqual(await problemsOf(rfc.figure4), ['secret.missing'])
  })

  test('5: a PIN for the token itself does not stand in the way, and a PIN is no token', async () => {
    const [token, pin] = await readingsOf(rfc.figure5)
    assert.ok(token?.ok && Buffer.from(token.token.secret).equals(ascii20))
    assert.ok(pin && !pin.ok && pin.problem === 'algorithm.unsupported')
  })

  test('6: AES-128-CBC with a pre-shared key', async () => {
    const [token] = await tokensOf(rfc.figure6, { preShared: hex('12345678901234567890123456789012') })
    assert.deepEqual(token?.secret, ascii20)
    assert.equal(token?.digits, 8)
  })

  test('7: a passphrase', async () => {
    const [token] = await tokensOf(rfc.figure7, { passphrase: 'qwerty' })
    assert.deepEqual(token?.secret, ascii20)
  })

  test('8: keys under a certificate are not opened', async () => {
    assert.deepEqual(await problemsOf(rfc.figure8, { preShared: randomBytes(16) }), ['key.unsupported'])
  })

  test('9: a signature is passed over', async () => {
    assert.deepEqual((await tokensOf(rfc.figure9)).map(serialOf), ['0755225266'])
  })

  test('10: many, each with its dates', async () => {
    const tokens = await tokensOf(rfc.figure10)
    assert.deepEqual(tokens.map(serialOf), ['654321', '123456', '9999999', '9999999'])
    assert.deepEqual(tokens[3]?.startsAt, new Date('2006-04-01T00:00:00Z'))
    assert.deepEqual(tokens[3]?.expiresAt, new Date('2006-04-30T00:00:00Z'))
  })
})

describe('what a token is made of', () => {
  test('by time: interval, drift and hash', async () => {
    const [token] = await tokensOf(
      plain({
        algorithm: 'totp',
        parameters: '<Suite>HMAC-SHA256</Suite><ResponseFormat Length="6" Encoding="DECIMAL"/>',
        data: `<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>60</PlainValue></TimeInterval>
          <TimeDrift><PlainValue>-4</PlainValue></TimeDrift>`,
      }),
    )
    assert.ok(token?.kind === 'totp')
    assert.deepEqual([token.algorithm, token.digits, token.period, token.drift], ['SHA256', 6, 60, -4])
  })

  test('what is not said is a counter of 0, 30 seconds, no drift, SHA-1 and six digits', async () => {
    const [hotp] = await tokensOf(plain({}))
    assert.ok(hotp?.kind === 'hotp' && hotp.counter === 0 && hotp.algorithm === 'SHA1' && hotp.digits === 6)
    const [totp] = await tokensOf(plain({ algorithm: 'totp' }))
    assert.ok(totp?.kind === 'totp' && totp.period === 30 && totp.drift === 0)
  })

  for (const [what, given, problem] of [
    ['another algorithm', { algorithm: 'ocra' }, 'algorithm.unsupported'],
    ['an algorithm that only ends like ours', { uri: 'urn:example:hotp' }, 'algorithm.unsupported'],
    ['another suite', { parameters: '<Suite>MD5</Suite>' }, 'suite.unsupported'],
    ['seven digits', { parameters: '<ResponseFormat Length="7" Encoding="DECIMAL"/>' }, 'response.unsupported'],
    [
      'hexadecimal codes',
      { parameters: '<ResponseFormat Length="8" Encoding="HEXADECIMAL"/>' },
      'response.unsupported',
    ],
    [
      'a check digit',
      { parameters: '<ResponseFormat Length="8" Encoding="DECIMAL" CheckDigits="true"/>' },
      'response.unsupported',
    ],
    ['a use other than for codes', { policy: '<KeyUsage>Encrypt</KeyUsage>' }, 'policy.unsupported'],
    ['a PIN that goes into the code', { policy: '<PINPolicy PINUsageMode="Algorithmic"/>' }, 'policy.unsupported'],
    ['a policy we cannot keep', { policy: '<NumberOfTransactions>5</NumberOfTransactions>' }, 'policy.unsupported'],
    ['a secret that is no base 64', { secret: 'MTIz*A==' }, 'secret.malformed'],
    ['an empty secret', { secret: '' }, 'secret.malformed'],
    ['a secret of 9 bytes', { secret: Buffer.alloc(9).toString('base64') }, 'secret.length'],
    ['a secret of 129 bytes', { secret: Buffer.alloc(129).toString('base64') }, 'secret.length'],
    ['a counter below 0', { data: '<Counter><PlainValue>-1</PlainValue></Counter>' }, 'value.malformed'],
    [
      'a counter without end',
      { data: '<Counter><PlainValue>9223372036854775807</PlainValue></Counter>' },
      'value.malformed',
    ],
    ['a counter that is a word', { data: '<Counter><PlainValue>many</PlainValue></Counter>' }, 'value.malformed'],
    [
      'an interval of 0',
      { algorithm: 'totp', data: '<TimeInterval><PlainValue>0</PlainValue></TimeInterval>' },
      'value.malformed',
    ],
    ['a day that is none', { policy: '<ExpiryDate>tomorrow</ExpiryDate>' }, 'value.malformed'],
    ['a name without end', { serial: '9'.repeat(257) }, 'text.too-long'],
    [
      'a value that is encrypted where no key is told of',
      { data: '<Counter><EncryptedValue/></Counter>' },
      'key.needed',
    ],
  ] as const) {
    test(`${what} is told as ${problem}`, async () => {
      assert.deepEqual(await problemsOf(plain(given)), [problem])
    })
  }

  test('a package without a key is told, and the next is read', async () => {
    const file = plain({}).replace('<KeyPackage>', '<KeyPackage/>\n<KeyPackage>')
    const [first, second] = await readingsOf(file)
    assert.deepEqual(first, { ok: false, line: 1, problem: 'token.empty' })
    assert.ok(second?.ok && second.token.line === 2)
  })
})

describe('encrypted values', () => {
  for (const bits of [128, 192, 256] as const) {
    for (const hash of ['sha1', 'sha256'] as const) {
      test(`AES-${bits}-CBC with HMAC-${hash} under a pre-shared key, secret and counter`, async () => {
        const key = randomBytes(bits / 8)
        const [token] = await tokensOf(encrypted({ key, hash, counter: 4711 }), { preShared: key })
        assert.deepEqual(token?.secret, ascii20)
        assert.ok(token?.kind === 'hotp' && token.counter === 4711)
      })
    }
  }

  test('a passphrase by PBKDF2 with HMAC-SHA-256', async () => {
    const [token] = await tokensOf(derived({ passphrase: 'pass ü', iterations: 2_000, hash: 'sha256' }), {
      passphrase: 'pass ü',
    })
    assert.deepEqual(token?.secret, ascii20)
  })

  test('without the right kind of key the file says which it needs, once', async () => {
    const key = randomBytes(16)
    const many = encrypted({ key, copies: 50 })
    assert.deepEqual(await problemsOf(many), ['key.needed'])
    assert.deepEqual(await problemsOf(many, { passphrase: 'qwerty' }), ['key.needed'])
    assert.deepEqual(await problemsOf(rfc.figure7, { preShared: key }), ['passphrase.needed'])
  })

  test('a wrong key is told once or so, never for each token, whatever the key', async () => {
    const many = encrypted({ key: randomBytes(16), copies: 50 })
    for (let i = 0; i < 200; i++) {
      const problems = await problemsOf(many, { preShared: randomBytes(16) })
      assert.equal(problems.pop(), 'key.wrong')
      // The padding of the MAC key is right by chance for one key in sixteen.
      assert.ok(problems.length <= 2 && problems.every((problem) => problem === 'mac.wrong'), problems.join())
    }
    assert.deepEqual(await problemsOf(many, { preShared: randomBytes(32) }), ['key.wrong'])
    assert.equal((await problemsOf(rfc.figure7, { passphrase: 'qwertz' })).length, 1)
  })

  test('any changed byte of a value is told, and the tokens beside it are read', async () => {
    const key = randomBytes(16)
    const file = encrypted({ key, copies: 3 })
    const values = [...file.matchAll(/<xenc:CipherValue>([^<]+)/g)]
    for (let byte = 0; byte < 48; byte++) {
      // The first is the MAC key's, then come secret and counter of each token.
      const value = values[3]
      assert.ok(value)
      const [, text = ''] = value
      const at = value.index + '<xenc:CipherValue>'.length
      const bytes = Buffer.from(text, 'base64')
      bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte)
      const changed = file.slice(0, at) + bytes.toString('base64') + file.slice(at + text.length)
      const readings = await readingsOf(changed, { preShared: key })
      assert.deepEqual(
        readings.map((each) => each.ok || each.problem),
        [true, 'mac.wrong', true],
      )
    }
  })

  test('CBC without a MAC is refused', async () => {
    const key = randomBytes(16)
    const file = encrypted({ key })
    const without = file.replaceAll(/<ValueMAC>[^<]*<\/ValueMAC>/g, '')
    assert.deepEqual(await problemsOf(without, { preShared: key }), ['mac.missing'])
    const neither = without.replace(/<MACMethod.*?<\/MACMethod>/s, '')
    assert.deepEqual(await problemsOf(neither, { preShared: key }), ['mac.missing'])
  })

  test('a MAC or a cipher that we do not know is told', async () => {
    const key = randomBytes(16)
    const file = encrypted({ key })
    assert.deepEqual(await problemsOf(file.replace('hmac-sha1', 'hmac-md5'), { preShared: key }), ['mac.unsupported'])
    assert.deepEqual(await problemsOf(file.replaceAll('aes128-cbc', 'tripledes-cbc'), { preShared: key }), [
      'cipher.unsupported',
    ])
  })

  test('a derivation that would take the machine is refused before it begins', async () => {
    const file = (count: string) => rfc.figure7.replace('<IterationCount>1000<', `<IterationCount>${count}<`)
    for (const count of ['1000001', '4294967295', '1e99']) {
      const [problem] = await problemsOf(file(count), { passphrase: 'qwerty' })
      assert.equal(problem, 'derivation.too-costly', count)
    }
    for (const count of ['0', '-1', '1.5', 'many', '']) {
      assert.deepEqual(await problemsOf(file(count), { passphrase: 'qwerty' }), ['derivation.unsupported'], count)
    }
    const length = rfc.figure7.replace('<KeyLength>16<', '<KeyLength>1000000000<')
    assert.deepEqual(await problemsOf(length, { passphrase: 'qwerty' }), ['derivation.unsupported'])
  })
})

function serialOf({ serial }: ImportedToken) {
  return serial
}

async function readingsOf(file: string, keys: PskcKeys = {}): Promise<TokenReading[]> {
  return Array.fromAsync(readPskc([Buffer.from(file)], { keys }))
}

async function tokensOf(file: string, keys: PskcKeys = {}): Promise<ImportedToken[]> {
  return (await readingsOf(file, keys)).map((each) => {
    assert.ok(each.ok, JSON.stringify(each))
    return each.token
  })
}

async function problemsOf(file: string, keys: PskcKeys = {}): Promise<string[]> {
  return (await readingsOf(file, keys)).map((each) => (each.ok ? `read ${each.token.serial}` : each.problem))
}

function hex(digits: string) {
  return Buffer.from(digits, 'hex')
}

type Plain = {
  algorithm?: string
  uri?: string
  serial?: string
  secret?: string
  parameters?: string
  data?: string
  policy?: string
}

/** A container with one token in plain. */
function plain(given: Plain): string {
  const uri = given.uri ?? `urn:ietf:params:xml:ns:keyprov:pskc:${given.algorithm ?? 'hotp'}`
  return `<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><KeyPackage>
    <DeviceInfo><SerialNo>${given.serial ?? '1'}</SerialNo></DeviceInfo><Key Id="k" Algorithm="${uri}">
    <AlgorithmParameters>${given.parameters ?? ''}</AlgorithmParameters>
    <Data><Secret><PlainValue>${given.secret ?? ascii20.toString('base64')}</PlainValue></Secret>${given.data ?? ''}</Data>
    <Policy>${given.policy ?? ''}</Policy></Key></KeyPackage></KeyContainer>`
}

const MACS = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
}
type Encrypted = { key: Buffer; hash?: keyof typeof MACS; counter?: number; copies?: number; keyInfo?: string }

/** As RFC 6030 section 6 says, with secret and counter encrypted. */
function encrypted({ key, hash = 'sha1', counter = 0, copies = 1, keyInfo }: Encrypted): string {
  const macKey = randomBytes(20)
  const bits = key.length * 8
  const close = (bytes: Buffer) => {
    const iv = randomBytes(16)
    const cipher = createCipheriv(`aes-${bits}-cbc`, key, iv)
    return Buffer.concat([iv, cipher.update(bytes), cipher.final()])
  }
  const cipherData = (data: Buffer) =>
    `<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes${bits}-cbc"/>` +
    `<xenc:CipherData><xenc:CipherValue>${data.toString('base64')}</xenc:CipherValue></xenc:CipherData>`
  const value = (bytes: Buffer) => {
    const data = close(bytes)
    const mac = createHmac(hash, macKey).update(data).digest('base64')
    return `<EncryptedValue>${cipherData(data)}</EncryptedValue><ValueMAC>${mac}</ValueMAC>`
  }
  const long = Buffer.alloc(8)
  long.writeBigInt64BE(BigInt(counter))
  const packages = Array.from(
    { length: copies },
    (_, i) => `<KeyPackage><DeviceInfo><SerialNo>${i}</SerialNo></DeviceInfo>
      <Key Id="${i}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp">
      <Data><Secret>${value(ascii20)}</Secret><Counter>${value(long)}</Counter></Data></Key></KeyPackage>`,
  )
  return `<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"
    xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">
    <EncryptionKey>${keyInfo ?? '<KeyName>ours</KeyName>'}</EncryptionKey>
    <MACMethod Algorithm="${MACS[hash]}"><MACKey>${cipherData(close(macKey))}</MACKey></MACMethod>
    ${packages.join('\n')}</KeyContainer>`
}

function derived({ passphrase, iterations, hash }: { passphrase: string; iterations: number; hash: 'sha256' }): string {
  const salt = randomBytes(16)
  const keyInfo = `<DerivedKey><KeyDerivationMethod Algorithm="http://www.w3.org/2009/xmlenc11#pbkdf2">
    <PBKDF2-params><Salt><Specified>${salt.toString('base64')}</Specified></Salt>
    <IterationCount>${iterations}</IterationCount><KeyLength>32</KeyLength><PRF Algorithm="${MACS[hash]}"/>
    </PBKDF2-params></KeyDerivationMethod></DerivedKey>`
  return encrypted({ key: pbkdf2Sync(passphrase, salt, iterations, 32, hash), hash, keyInfo })
}
