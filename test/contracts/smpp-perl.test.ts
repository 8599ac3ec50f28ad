import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { freePort } from '../../dev/hosts/port.ts'
import { fromSeptets, fromUcs2 } from '../../src/protocols/gsm0338.ts'
import { readUserData } from '../../src/protocols/sms-segments.ts'
import { until } from './smpp-centre.ts'
import { atEnd, smppSender, sampleText as text } from './smpp-world.ts'

const missing =
  spawnSync('/usr/bin/perl', ['-MNet::SMPP', '-e', '1']).status === 0 ? false : 'needs the package libnet-smpp-perl'

describe("an SMPP centre by Perl's Net::SMPP", { skip: missing }, () => {
  test('gets texts whole, gives a receipt and a reply, and hears good-bye', async () => {
    const { sender, sinks, replies, receipts, said } = await world()
    sender.receive(sinks)
    const long = 'Ihr Code, für Sie 😀: 482 915. '.repeat(12)
    await sender.send(text, new AbortController().signal)
    await sender.send({ ...text, id: 'd2', body: long }, new AbortController().signal)

    const parts = () => said.filter((line) => 'hex' in line)
    await until(() => parts().length === 7 && said.filter((line) => 'answered' in line).length === 2, 'all of it')
    const [first, ...rest] = parts()
    assert.deepEqual([first?.to, first?.from, first?.coding, first?.esm], ['12065550100', '12345', 0, 0])
    assert.equal(fromSeptets(Buffer.from(String(first?.hex), 'hex')), text.body)
    const read = rest.map(({ hex }) => readUserData(Buffer.from(String(hex), 'hex')))
    assert.equal(read.map((part) => fromUcs2(part?.body ?? Buffer.alloc(0))).join(''), long)
    assert.deepEqual(
      read.map((part) => [part?.part?.place, part?.part?.total]),
      [1, 2, 3, 4, 5, 6].map((place) => [place, 6]),
    )

    assert.deepEqual(
      said.filter((line) => 'answered' in line),
      [{ answered: 0 }, { answered: 0 }],
    )
    assert.deepEqual([receipts[0]?.textId, receipts[0]?.outcome], ['d1', 'delivered'])
    assert.deepEqual([replies[0]?.from, replies[0]?.to, replies[0]?.text], ['+12065550100', '12345', 'Ja 😀'])

    await sender.close()
    await until(() => said.some((line) => 'ended' in line), 'its end')
  })
})

/** The centre, on loopback and a free port, and a sender for it. `said` is what it wrote down. */
async function world() {
  const port = await freePort()
  const program = new URL('smpp-centre.pl', import.meta.url).pathname
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '/usr/bin/perl', program, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  atEnd(async () => {
    if (child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  const said: Record<string, unknown>[] = []
  let ready = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready = true
    else said.push(JSON.parse(line))
  })
  await until(() => ready, 'the centre')
  return { said, ...smppSender({ port }) }
}
