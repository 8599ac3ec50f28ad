import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Entry } from 'ldapts'
import { Secret } from '../src/core/secrets/secret.ts'
import type { Searcher } from '../src/outbound/directory/ldap-searcher.ts'
import type { WindowsConfig } from '../src/outbound/directory/windows-config.ts'
import { isForeignMember } from '../src/outbound/directory/windows-foreign.ts'
import { namingIn } from '../src/outbound/directory/windows-naming.ts'

const guid = '00112233445566778899aabbccddeeff'
const other = { domain: 'other.example', netbios: 'OTHER', controllers: [], suffixes: ['brand.example'] }
const config: WindowsConfig = {
  ...{ domain: 'corp.example', netbios: 'CORP', controllers: [], trusted: [other], dns: [], security: 'ldaps' },
  ...{ account: 'reader@corp.example', password: new Secret('x'), username: 'upn' },
  ...{ changePasswords: false, timeoutMs: 1000 },
}

describe('a trusted domain', () => {
  const { called, idOf, guidOf } = namingIn(other, config)

  test('gives its people names of its own, whatever principal names it says they have', () => {
    for (const upn of ['ann@other.example', 'ANN@Brand.example', 'ann@corp.example@other.example'])
      assert.equal(called(upn, 'ann'), upn)
    for (const upn of [
      'ann@corp.example',
      'CORP\\ann',
      'CORP\\ann@other.example',
      'OTHER\\bea',
      'ann',
      'ann@else.example',
      'ann@sub.other.example',
      '@other.example',
      'ann@brand.example.',
      undefined,
    ])
      assert.equal(called(upn, 'ann'), 'OTHER\\ann', upn)
    assert.equal(called('ann@corp.example', undefined), undefined)
  })

  test('gives its people ids of its own, whatever ids it says they have', () => {
    const own = namingIn(config, config)
    assert.notEqual(idOf(guid), own.idOf(guid))
    assert.deepEqual([guidOf(idOf(guid)), own.guidOf(own.idOf(guid))], [guid, guid])
    assert.deepEqual([guidOf(own.idOf(guid)), own.guidOf(idOf(guid))], [undefined, undefined])
    for (const id of ['', '@other.example', `${guid}@third.example`, `${guid}0@other.example`, `${guid}@OTHER.example`])
      assert.equal(guidOf(id), undefined, id)
  })

  test('has the names that lead to it: nobody of ours is called by one', () => {
    const own = namingIn(config, config)
    assert.equal(own.called('grace@corp.example', 'ghopper'), 'grace@corp.example')
    assert.equal(own.called('eve@example.net', 'eve'), 'eve@example.net')
    for (const upn of [
      'ann@other.example',
      'ann@BRAND.example',
      'OTHER\\ann',
      'ann@\uff4fther.example',
      'ann@oth\u200ber.example',
    ])
      assert.equal(own.called(upn, 'ann'), 'ann', upn)
    assert.equal(own.called(undefined, 'OTHER\\ann'), undefined)
  })
})

describe('SIDs of a trusted domain', () => {
  const group = 'CN=Staff,DC=corp,DC=example'
  const theirs = sid(21, 2, 2, 2)
  const third = sid(21, 3, 3, 3)

  test('count where they are of that domain, as ours has it written down', async () => {
    assert.equal(await member({ is: sid(21, 2, 2, 2, 1104) }), true)
    assert.equal(await member({ is: sid(21, 9, 9, 9, 1104), groups: [sid(21, 2, 2, 2, 1105)] }), true)
    assert.equal(await member({ is: sid(21, 2, 2, 2, 1104), trusts: [trust('third.example', third)] }), false)
    assert.equal(await member({ is: sid(21, 2, 2, 2, 1104), trusts: [] }), false)
  })

  test('count where the domain is of a forest that ours trusts', async () => {
    const forest = { ...trust('root.example', third), 'msDS-TrustForestTrustInfo': forestOf('other.example', theirs) }
    assert.equal(await member({ is: sid(21, 2, 2, 2, 1104), trusts: [forest] }), true)
    assert.equal(await member({ is: sid(21, 3, 3, 3, 1104), trusts: [forest] }), false)
  })

  test('count for nothing where they are another’s, are of no domain, or are no SIDs', async () => {
    for (const is of [
      sid(21, 1, 1, 1, 500),
      sid(21, 3, 3, 3, 500),
      sid(32, 544),
      sid(11),
      theirs,
      sid(21, 2, 2, 2, 1, 500),
      Buffer.concat([sid(21, 2, 2, 2, 1104), Buffer.alloc(4)]),
      Buffer.alloc(0),
    ])
      assert.equal(await member({ is }), false, is.toString('hex'))
    assert.equal(
      await member({ is: sid(21, 1, 1, 1, 500), groups: [sid(21, 1, 1, 1, 512), sid(21, 3, 3, 3, 512)] }),
      false,
    )
  })

  /** Our domain, which trusts two, and has everybody it is asked for in the group; and one that says what it likes. */
  async function member({
    is,
    groups = [],
    trusts = [trust('third.example', third), trust('other.example', theirs)],
  }: Said) {
    const own = searcher((filter, base) => {
      if (base.startsWith('CN=System,')) return trusts
      if (filter.includes('foreignSecurityPrincipal')) return [{ dn: 'CN=S-1-5-21,CN=ForeignSecurityPrincipals' }]
      return [{ dn: group }]
    })
    const said = searcher((filter) =>
      filter.includes('objectGUID')
        ? [{ dn: 'CN=Ann,DC=other,DC=example', objectSid: is }]
        : groups.map((objectSid, i) => ({ dn: `CN=${i},DC=other,DC=example`, objectSid })),
    )
    const names = { domain: 'corp.example', netbios: 'CORP' }
    return isForeignMember({ search: own, names }, { search: said, names: other }, guid, group)
  }
})

type Said = { is: Buffer; groups?: Buffer[]; trusts?: Entry[] }

function trust(trustPartner: string, securityIdentifier: Buffer): Entry {
  return { dn: `CN=${trustPartner},CN=System`, trustPartner, securityIdentifier }
}

/** One domain in msDS-TrustForestTrustInfo (MS-ADTS section 6.1.6.9.3). */
function forestOf(domain: string, sid: Buffer): Buffer {
  const number = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
  const field = (value: Buffer) => Buffer.concat([number(value.length), value])
  const fields = [sid, Buffer.from(domain), Buffer.from('OTHER')].map(field)
  const record = Buffer.concat([Buffer.alloc(12), Buffer.of(2), ...fields])
  return Buffer.concat([number(1), number(1), field(record)])
}

function searcher(answer: (filter: string, base: string) => Entry[]): Searcher {
  const server = { url: 'ldaps://dc1', host: 'dc1', port: 636, security: 'ldaps' } as const
  return {
    find: async (filter, _, { base = '' } = {}) => ({ server, entries: answer(filter.toString(), base) }),
    close: async () => {},
  }
}

/** S-1-5 and these (MS-DTYP section 2.4.2.2). */
function sid(...parts: number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * parts.length)
  bytes.set([1, parts.length, 0, 0, 0, 0, 0, 5])
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * i)
  return bytes
}
