import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../src/core/errors.ts'
import type { Facts } from '../src/core/ports.ts'
import { createLog } from '../src/outbound/log.ts'

const FORGERY = 'x\n2026-01-01T00:00:00Z INFO all is well\r\u001b[2J\u009b1m\u202e\u2028'

describe('the log', () => {
  test('writes one JSON line an event, with an ISO time and the level by name', () => {
    const { log, lines } = world({})

    log.info('Listening', { port: 8443, tls: true })

    const [line] = lines()
    assert.match(String(line?.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual({ ...line, time: '' }, { level: 'info', time: '', port: 8443, tls: true, msg: 'Listening' })
  })

  test('leaves out what is below its level', () => {
    const { log, lines } = world({ level: 'warn' })

    log.debug('a')
    log.info('b')
    log.warn('c')

    assert.deepEqual(
      lines().map(({ msg }) => msg),
      ['c'],
    )
  })

  test('gives the facts of a child to every line of the child, and to no other', () => {
    const { log, lines } = world({})

    log.child({ request: 'r1' }).child({ door: 'portal' }).info('Answered')
    log.info('Done')

    assert.deepEqual(
      lines().map(({ request, door }) => [request, door]),
      [
        ['r1', 'portal'],
        [undefined, undefined],
      ],
    )
  })

  for (const format of ['json', 'pretty'] as const) {
    test(`cannot be made to write a line that nobody logged, as ${format}`, () => {
      const { log, text } = world({ format })

      log.child({ of: FORGERY }).error(FORGERY, { fact: FORGERY }, new Error(FORGERY, { cause: new Error(FORGERY) }))

      assert.doesNotMatch(text(), /^2026-01-01/m)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(text(), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/)
    })
  }

  test('redacts what has the name of a secret', () => {
    const { log, text } = world({})

    log.info('Signed in', { password: 'hunter2', pin: 'hunter2', session: 'hunter2' })
    log.child({ authorization: 'hunter2' }).warn('x', { nested: { token: 'hunter2' } } as unknown as Facts)

    assert.ok(!text().includes('hunter2'), text())
    assert.match(text(), /"pin":"\[redacted\]"/)
  })

  test('tells code and causes of a failure that has a name, and no stack', () => {
    const { log, lines } = world({})
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })

    log.error('No answer', { door: 'sdk' }, new AppError('engine.unreachable', { cause: refused }))

    assert.deepEqual(lines()[0]?.error, {
      code: 'engine.unreachable',
      message: 'The portal could not reach the MFA Server.',
      causes: ['connect ECONNREFUSED 127.0.0.1:1'],
    })
  })

  test('tells where a defect happened', () => {
    const { log, lines } = world({})

    log.error('Failed', {}, new TypeError('x is not a function'))
    log.error('Failed', {}, 'a string')

    const [defect, odd] = lines().map(({ error }) => error as { message: string; stack?: string[] })
    assert.match(defect?.stack?.[0] ?? '', /^at .*log\.test\.ts/)
    assert.deepEqual(odd, { message: 'a string' })
  })

  test('ends with a chain of causes that has no end', () => {
    const { log, lines } = world({})
    const snake = new Error('tail')
    snake.cause = snake

    log.error('Failed', {}, snake)

    assert.equal((lines()[0]?.error as { causes: string[] } | undefined)?.causes.length, 5)
  })

  test('cuts a text that would fill the disk', () => {
    const { log, text } = world({})

    log.warn('x'.repeat(100_000))

    assert.ok(text().length < 3000)
  })

  test('is one readable line for people', () => {
    const { log, text } = world({ format: 'pretty' })

    log.info('Listening', { port: 8443 })

    assert.match(text(), /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] INFO: Listening\n {4}port: 8443\n$/)
  })
})

/** A log that writes into a string. */
function world({ level = 'debug', format = 'json' }: Partial<Omit<Parameters<typeof createLog>[0], 'destination'>>) {
  const written: string[] = []
  const log = createLog({ level, format, destination: { write: (text) => void written.push(text) } })
  return {
    log,
    text: () => written.join(''),
    lines: () =>
      written
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((text): Record<string, unknown> => JSON.parse(text)),
  }
}
