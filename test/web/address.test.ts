import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalAddress, clientAddress, trustedProxies } from '../../src/inbound/web/address.ts'

const proxies = trustedProxies(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.10'])

const rows: [situation: string, peer: string | undefined, forwarded: string | undefined, client: string][] = [
  ['a browser that comes straight', '203.0.113.7', undefined, '203.0.113.7'],
  ['a browser that claims to be another', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a mapped address is IPv4', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
  ['a proxy of ours, mapped', '::ffff:10.1.2.3', '203.0.113.7', '203.0.113.7'],
  ['a proxy of ours that says nothing', '10.1.2.3', undefined, '10.1.2.3'],
  ['what the browser wrote stands left of what the proxy wrote', '10.1.2.3', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
  ['two proxies of ours', '10.1.2.3', '1.1.1.1, 203.0.113.7, 192.0.2.10', '203.0.113.7'],
  ['only proxies of ours', '10.1.2.3', '10.9.9.9, 10.8.8.8', '10.9.9.9'],
  ['a word that is no address', '10.1.2.3', 'a', '10.1.2.3'],
  ['one word among addresses', '10.1.2.3', 'unknown, 203.0.113.7', '10.1.2.3'],
  ['an empty header', '10.1.2.3', '', '10.1.2.3'],
  ['an empty entry', '10.1.2.3', '203.0.113.7,', '10.1.2.3'],
  ['10 kB', '10.1.2.3', '203.0.113.7,'.repeat(900), '10.1.2.3'],
  ['with a port', '10.1.2.3', '203.0.113.7:4711', '203.0.113.7'],
  ['IPv6 with a port', '2001:db8:1::5', '[2001:DB8:0:0::7]:4711', '2001:db8::7'],
  ['a mapped one in hexadecimal', '10.1.2.3', '::ffff:cb00:7107', '203.0.113.7'],
  ['no socket', undefined, '203.0.113.7', 'unknown'],
]

describe('who is at the other end', () => {
  for (const [situation, peer, forwarded, client] of rows) {
    test(situation, () => assert.equal(clientAddress(peer, forwarded, proxies), client))
  }

  test('every way of writing an address is one text', () => {
    const writings = ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:db8::0001', '2001:db8:0::1%eth0']
    assert.deepEqual(new Set(writings.map(canonicalAddress)), new Set(['2001:db8::1']))
    for (const wrong of ['', '010.0.0.1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '0x7f.1', 'localhost', '::g']) {
      assert.equal(canonicalAddress(wrong), undefined, wrong)
    }
  })

  test('a list of proxies with a mistake is refused, and the mistake named', () => {
    for (const entry of ['10.0.0.0/33', '10.0.0.0/', 'proxy.example.org', '10.0.0.0/8/8', '2001:db8::/129', '/8']) {
      assert.throws(
        () => trustedProxies(['10.0.0.1', entry]),
        (error: Error) => error instanceof RangeError && error.message.includes(entry),
      )
    }
  })
})
