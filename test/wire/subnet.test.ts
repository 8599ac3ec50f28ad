import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import { test } from 'node:test'
import { isInSubnet, readSubnet } from '../../src/protocols/subnet.ts'

test('addresses are in the subnets that Node says they are in', () => {
  const subnets = [
    '10.0.0.0/8',
    '10.1.0.0/16',
    '172.16.0.0/12',
    '0.0.0.0/0',
    '192.0.2.7',
    'fc00::/7',
    '2001:db8::/33',
    '::1',
    '::/0',
  ]
  const addresses = [
    ...['10.1.2.3', '11.0.0.0', '172.31.255.255', '172.32.0.0', '192.0.2.7', '192.0.2.8', 'fd00::1', 'fe00::'],
    ...[
      '2001:db8:7fff::',
      '2001:db8:8000::',
      '::1',
      '::2',
      '1:2:3:4:5:6:7:8',
      '::ffff:10.0.0.1',
      '64:ff9b::192.0.2.33',
    ],
  ]
  for (const text of subnets) {
    const subnet = readSubnet(text)
    assert.ok(subnet, text)
    const [network = '', prefix] = text.split('/')
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6'
    const list = new BlockList()
    list.addSubnet(network, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
    for (const address of addresses) {
      const same = (isIP(address) === 4 ? 'ipv4' : 'ipv6') === family
      // Node takes a mapped IPv4 address for IPv4; here each family is its own.
      if (!address.startsWith('::ffff:'))
        assert.equal(isInSubnet(subnet, address), same && list.check(address, family), `${address} in ${text}`)
    }
  }
})

test('what is no subnet is none', () => {
  for (const text of [
    '',
    '/',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.0/8',
    '256.0.0.0',
    '1:2:3:4:5:6:7',
    '::1::',
    ':::',
    '1::2:3:4:5:6:7:8',
    'fe80::1%eth0',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::1.2.3',
    'g::',
  ])
    assert.equal(readSubnet(text), undefined, text)
})
