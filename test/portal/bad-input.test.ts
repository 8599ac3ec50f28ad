import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, formType, portalWorld, type Seen, type Visitor, visitorWho } from './world.ts'

// Wrong codes by the hundred are not what this is about.
const world = await portalWorld({
  settings: { 'lock.tries': 20, 'lock.budget': 100, 'password.free_tries': 10, 'portal.questions_fallback': true },
})
type Form = {
  path: string
  who: 'nobody' | 'half signed in' | 'setting up' | 'choosing a PIN' | 'signed in'
  right: Record<string, string>
}
const forms: Form[] = [
  { path: '/sign-in', who: 'nobody', right: { username: 'nobody-here', password: 'wrong' } },
  { path: '/second-step', who: 'half signed in', right: { code: '12345' } },
  { path: '/setup', who: 'setting up', right: { method: 'text' } },
  { path: '/second-step/passkey', who: 'half signed in', right: { credential: '{}' } },
  { path: '/setup/passkey', who: 'setting up', right: { credential: '{}' } },
  { path: '/account/passkey', who: 'signed in', right: { credential: '{}', name: 'Laptop' } },
  { path: '/setup/phone', who: 'setting up', right: { country: 'US', number: '206' } },
  { path: '/setup/phone/code', who: 'setting up', right: { code: '12345' } },
  { path: '/setup/token', who: 'setting up', right: { code: '12345' } },
  { path: '/account/questions', who: 'signed in', right: { 'question-1': 'toy', 'answer-1': 'Bruno' } },
  { path: '/account/method', who: 'signed in', right: { method: 'text' } },
  { path: '/account/language', who: 'signed in', right: { language: 'en' } },
  { path: '/account/phone', who: 'signed in', right: { country: 'US', number: '206' } },
  { path: '/account/phone/code', who: 'signed in', right: { code: '12345' } },
  { path: '/account/token', who: 'signed in', right: { code: '12345' } },
  { path: '/account/pin', who: 'signed in', right: { pin: '1234', again: '1234' } },
  { path: '/pin', who: 'choosing a PIN', right: { pin: '1234', again: '1234' } },
  { path: '/setup/pin?for=text', who: 'setting up', right: { pin: '1234', again: '1234' } },
]
const people: Record<Form['who'], Visitor> = {
  nobody: await visitorWho('nobody', world),
  'half signed in': await visitorWho('half signed in', world),
  'setting up': await visitorWho('setting up', world),
  'choosing a PIN': await visitorWho('choosing a PIN', world),
  'signed in': await visitorWho('signed in', world),
}
// Under way, so that the codes are looked at.
await people['setting up'].post('/setup/phone', { country: 'US', number: '2065550177' })
await people['signed in'].post('/account/phone', { country: 'US', number: '2065550178' })

/** Past the form's own rules it is an answer like any other, and a wrong one. */
const judged = [400, 422, 429]
/** Bodies that no page of ours sends, made of a form and the value of one of its fields. */
const bodies: [what: string, make: (name: string, value: string) => string, statuses: number[]][] = [
  ['a field twice', (name, value) => `${name}=${value}&${name}=${value}`, [400]],
  ['100 kB', (name) => `${name}=${'x'.repeat(100_000)}`, [413]],
  ['longer than any answer', (name) => `${name}=${'x'.repeat(3_000)}`, judged],
  ['NUL', (name, value) => `${name}=${value}%00`, [400]],
  ['bytes that are no UTF-8', (name) => `${name}=%ff%fe`, [400]],
  ['half an escape', (name) => `${name}=%4`, [400]],
  ['half a surrogate pair', (name) => `${name}=%ed%a0%80`, [400]],
  ['letters that grow in normal form', (name) => `${name}=${encodeURIComponent('\u0958'.repeat(60))}`, judged],
  ['more of them', (name) => `${name}=${encodeURIComponent('\u0958'.repeat(250))}`, judged],
  ['control characters', (name) => `${name}=a%0d%0ab%1b%5b2J`, judged],
  ['markup', (name) => `${name}=${encodeURIComponent('"><script>alert(1)</script>')}`, judged],
  ['an array', (name, value) => `${name}[]=${value}`, judged],
  ['a field of a prototype', (_, value) => `__proto__=${value}&constructor=x&toString=x`, judged],
  ['a name of a prototype', (name) => `${name}=__proto__`, judged],
  ['nothing at all', () => '', judged],
  ['many fields', () => Array.from({ length: 200 }, (_, i) => `f${i}=1`).join('&'), [400]],
  ['a field without a name', () => '=x', [400]],
]

for (const { path, who, right } of forms) {
  describe(`POST ${path}`, () => {
    for (const [what, make, statuses] of bodies) {
      test(`${what}: a page that says what to do`, async () => {
        const them = people[who]
        for (const name of Object.keys(right)) {
          const others = Object.entries(right).filter(([other]) => other !== name)
          const rest = what === 'nothing at all' ? [] : others
          const body = [`csrf=${await them.token()}`, ...rest.map(([k, v]) => `${k}=${encodeURIComponent(v)}`)]
          const made = make(name, right[name] ?? '')
          const seen = await them.ask(path, {
            method: 'POST',
            body: [...body, made].filter(Boolean).join('&'),
            headers: formType,
          })
          // What has another name is not there, and the rest may be a whole answer.
          const mayPass = made.includes('[]') || made.startsWith('__proto__')
          isPage(seen, mayPass ? [...statuses, ...judged, 303] : statuses, `${name}: ${what}`)
        }
      })
    }

    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'text/xml', '']) {
      test(`as ${type || 'nothing'}: 415, as a page`, async () => {
        const headers: Record<string, string> = type ? { 'content-type': type } : {}
        const body = new TextEncoder().encode('{"username":"alice"}')
        isPage(await people[who].ask(path, { method: 'POST', body, headers }), [415], type)
      })
    }
  })
}

test('nothing of all that was a failure of ours, and nobody was changed', async () => {
  assert.deepEqual(world.failures, [])
  const rows = await world.database.rows({
    parts: ['SELECT username, method, phone FROM users ORDER BY 1'],
    values: [],
  })
  assert.deepEqual(
    rows.map(({ username, method, phone }) => [username, method, phone]),
    [
      ['alice', 'text', alicePhone],
      ['bob', null, null],
      ['olga', 'text', '+12065550144'],
    ],
  )
})

describe('queries that no page of ours has', () => {
  const long = 'x'.repeat(3_000)
  for (const [who, path] of [
    ['nobody', `/sign-in?notice=${long}&notice=ended&x[]=1&__proto__=1`],
    ['half signed in', `/second-step?way=carrier-pigeon&to=${long}&notice=x`],
    ['half signed in', '/second-step?way=%ff&to=%00'],
    ['half signed in', `/second-step/ways?to=${long}`],
    ['half signed in', `/second-step/events?stamp=${long}`],
    ['setting up', `/setup/phone/events?stamp=${long}&stamp=2`],
    ['setting up', `/setup/phone/code?notice=${long}`],
    ['signed in', `/account/activity?before=${long}`],
    ['signed in', "/account/activity?before=1'%20OR%201=1--"],
    ['signed in', '/account/activity?before=999999999999999'],
    ['signed in', `/account?done=${long}`],
    ['signed in', '/account?done=__proto__'],
  ] as const) {
    test(`${path.slice(0, 60)}: as if they were not there`, async () => {
      assert.equal((await people[who].get(path)).status, 200)
      await new Promise((soon) => setImmediate(soon))
      assert.deepEqual(world.failures, [])
    })
  }
})

function isPage({ status, headers, text }: Seen, statuses: readonly number[], about: string): void {
  assert.ok(statuses.includes(status), `${about}: ${status}`)
  if (status === 303) return
  assert.equal(headers.get('content-type'), 'text/html; charset=utf-8', about)
  assert.match(text, /^<!DOCTYPE html>[\s\S]*<main id="main"[\s\S]*<h1>/, about)
  assert.match(text, /<title>Error: /, about)
  assert.doesNotMatch(text, /<script>|node_modules|\.ts:|at async|Error: [a-z]/, about)
}
