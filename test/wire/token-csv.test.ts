import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toBase32 } from '../../src/protocols/base32.ts'
import { type CsvLimits, readTokenCsv } from '../../src/protocols/token-csv.ts'

const secret = new Uint8Array(Buffer.from('12345678901234567890'))
const letters = toBase32(secret)
const HEADER = 'upn,serial number,secret key,time interval,manufacturer,model'

describe("the MFA Server's CSV of tokens", () => {
  test('with the names of their owners', async () => {
    const [reading] = await readingsOf(`${HEADER}\r\nalice@example.org,1234567,${letters},60,Contoso,HardwareKey\r\n`)
    assert.deepEqual(reading, {
      ok: true,
      token: {
        kind: 'totp',
        line: 2,
        serial: '1234567',
        keyId: undefined,
        manufacturer: 'Contoso',
        model: 'HardwareKey',
        owner: 'alice@example.org',
        secret,
        algorithm: 'SHA1',
        digits: 6,
        period: 60,
        drift: 0,
        startsAt: undefined,
        expiresAt: undefined,
      },
    })
  })

  for (const [what, file] of [
    ['without owners', `serial number,secret key,time interval,manufacturer,model\n1,${letters},30,Contoso,Key\n`],
    ['without an end to the last line', `${HEADER}\n,1,${letters},30,Contoso,Key`],
    ['with only what is needed', `secret key,serial number\n${letters},1\n`],
    ['with a byte order mark', `\ufeff${HEADER}\n,1,${letters},30,Contoso,Key\n`],
    ['with semicolons', `${HEADER.replaceAll(',', ';')}\n;1;${letters};30;Contoso;Key\n`],
    [
      'with capitals and spaces',
      `UPN, Serial Number, Secret Key, Time Interval\n, 1 , ${letters} ,, \n`.replace(/,, \n/, ',\n'),
    ],
    ['with quotes', `"${HEADER.replaceAll(',', '","')}"\n"","1","${letters}","30","Contoso","Key"\n`],
    [
      'with a secret in small letters and groups',
      `${HEADER}\n,1,${letters.toLowerCase().replace(/(.{4})/g, '$1 ')},,,\n`,
    ],
  ] as const) {
    test(what, async () => {
      const [reading, ...more] = await readingsOf(file)
      assert.ok(reading?.ok, JSON.stringify(reading))
      assert.deepEqual([reading.token.serial, reading.token.owner], ['1', undefined])
      assert.deepEqual(reading.token.secret, secret)
      assert.equal(reading.token.kind === 'totp' && reading.token.period, 30)
      assert.deepEqual(more, [])
    })
  }

  test('tells what is wrong by line, and reads the others', async () => {
    const rows = [
      `,1,${letters},30,Contoso,Key`,
      `,,${letters},30,Contoso,Key`,
      ',3,,30,Contoso,Key',
      ',4,not-base-32!,30,Contoso,Key',
      ',5,AAAA,30,Contoso,Key',
      `,6,${letters},soon,Contoso,Key`,
      `,7,${letters},0,Contoso,Key`,
      `,8,${letters},30,Contoso`,
      `,9,${letters},30,Contoso,Key,more`,
      '',
      `,10,${letters},30,${'x'.repeat(257)},Key`,
      `,11,${letters},30,"a\u0007",Key`,
      `,12,${letters},30,"two\nlines",Key`,
      `,13,${'A'.repeat(240)},30,Contoso,Key`,
      `,14,${letters},30,Contoso,Key`,
    ]
    const readings = await readingsOf(`${HEADER}\n${rows.join('\n')}\n`)
    assert.deepEqual(
      readings.map((each) => (each.ok ? [each.token.line, 'read'] : [each.line, each.problem])),
      [
        [2, 'read'],
        [3, 'serial.missing'],
        [4, 'secret.missing'],
        [5, 'secret.malformed'],
        [6, 'secret.length'],
        [7, 'value.malformed'],
        [8, 'value.malformed'],
        [9, 'csv.columns'],
        [10, 'csv.columns'],
        [12, 'text.too-long'],
        [13, 'value.malformed'],
        [15, 'read'],
        [16, 'secret.length'],
        [17, 'read'],
      ],
    )
  })

  for (const [what, file] of [
    ['is not there', ''],
    ['has no secrets', 'serial number,manufacturer\n1,Contoso\n'],
    ['has a column that we do not know', `${HEADER},colour\n,1,${letters},30,Contoso,Key,red\n`],
    ['names a column twice', `serial number,secret key,secret key\n1,${letters},${letters}\n`],
    ['is another file', '<KeyContainer>\n<KeyPackage/>\n'],
  ] as const) {
    test(`a first line that ${what} ends the reading`, async () => {
      assert.deepEqual(await readingsOf(file), [{ ok: false, line: 1, problem: 'csv.header' }])
    })
  }

  test('quotes that do not end, and a record without end, are told with their line', async () => {
    const open = await readingsOf(`${HEADER}\n,1,${letters},30,"Contoso,Key\n,2,${letters},30,Contoso,Key\n`)
    assert.deepEqual(
      open.map((each) => each.ok || each.problem),
      ['csv.malformed'],
    )
    const long = await readingsOf(`${HEADER}\n,1,${letters},30,${'x'.repeat(100_000)},Key\n`)
    assert.deepEqual(
      long.map((each) => each.ok || each.problem),
      ['csv.malformed'],
    )
  })

  test('too many tokens, and too many bytes, end the reading where they are too many', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `,${i},${letters},30,Contoso,Key`)
    const readings = await readingsOf([HEADER, ...rows].join('\n'), { tokens: 10 })
    assert.equal(readings.length, 11)
    assert.deepEqual(readings[10], { ok: false, line: 12, problem: 'file.too-many' })
    const [problem] = (await readingsOf([HEADER, ...rows].join('\n'), { bytes: 100 })).slice(-1)
    assert.ok(problem && !problem.ok && problem.problem === 'file.too-big')
  })

  test('an endless file is not read beyond the limit, and its source is closed', async () => {
    let given = 0
    let closed = false
    async function* source() {
      try {
        yield `${HEADER}\n`
        for (; given < 1_000_000; given++) yield `,${given},${letters},30,Contoso,Key\n`
      } finally {
        closed = true
      }
    }
    let read = 0
    for await (const reading of readTokenCsv(source(), { tokens: 5_000 })) if (reading.ok) read++
    assert.equal(read, 5_000)
    assert.ok(given < 7_000, `${given} lines were taken`)
    assert.ok(closed)
  })

  test('what breaks in the source is no problem of the file', async () => {
    async function* source() {
      yield `${HEADER}\n`
      throw new Error('the disk')
    }
    await assert.rejects(Array.fromAsync(readTokenCsv(source())), /the disk/)
  })
})

async function readingsOf(file: string, limits: Partial<CsvLimits> = {}) {
  return Array.fromAsync(readTokenCsv([Buffer.from(file)], limits))
}
