import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { alicePhone, portalWorld, type Seen, visitorWho, whenSent } from './world.ts'

describe('the page that waits for a reply', () => {
  test('says which phone was texted and what to reply, and lets in whoever replied', async () => {
    const { alice, reply, code } = await world()
    const page = await alice.get('/second-step')
    assert.match(page.text, /<h1>Reply to our text<\/h1>/)
    assert.match(page.text, /•••• ••01 00<\/strong>\. Reply to it with the code that is in it\./)
    assert.doesNotMatch(page.text, new RegExp(code), 'the code is in the text, and nowhere else')
    assert.doesNotMatch(page.text, /name="code"/)
    assert.match(page.text, /<noscript><meta http-equiv="refresh" content="5">/)

    await reply(code)
    assert.equal((await alice.get('/second-step')).location, '/account')
  })

  test('shows the number to reply with', async () => {
    const { alice, reply } = await world('two-way-number')
    const [, number = ''] = /<p class="number">.*?(\d\d)<\/p>/.exec((await alice.get('/second-step')).text) ?? []
    await reply(number)
    assert.equal((await alice.get('/second-step')).location, '/account')
  })

  test('says that a reply was not right, how many more there may be, and when it is over', async () => {
    const { alice, reply } = await world('two-way', { 'code.tries': 2 })
    await reply('no')
    assert.match((await alice.get('/second-step')).text, /The reply was not right\. You can reply 2 more times\./)
    await reply('1')
    assert.match((await alice.get('/second-step')).text, /The reply was not right\. You can reply once more\./)
    await reply('2')
    const over = await alice.get('/second-step')
    assert.match(over.text, /No right reply came/)
    assert.match(over.text, /None of the replies was right\./)
  })

  test('sends it again when asked, and not too soon', async () => {
    const { alice, clock, phones } = await world()
    const again = async (): Promise<Seen> => {
      const { location = '' } = await alice.post('/second-step/text')
      return alice.get(location)
    }
    clock.advance(6)
    assert.match((await alice.get('/second-step')).text, /The text was not replied to in time\./)
    assert.match((await again()).text, /Reply to our text/)
    await again()
    assert.match((await again()).text, /We sent several texts already/)
    assert.equal((await whenThere(() => phones.messages(alicePhone), 3)).length, 3)
  })

  test('takes no code, and does not ask for one', async () => {
    const { alice, code } = await world()
    const typed = await alice.post('/second-step?way=text', { code })
    assert.match(typed.text, /Reply to our text/)
    assert.equal((await alice.get('/account')).location, '/')
  })

  test('offers to text whoever proves it again', async () => {
    const { alice, reply, code, codeAfter } = await world()
    await reply(code)
    await alice.get('/second-step')
    const asked = await alice.get('/second-step?to=/account/phone')
    assert.match(asked.text, /<h1>We can text you<\/h1>/)
    const text = await codeAfter(alicePhone, () => alice.post('/second-step/text?to=%2Faccount%2Fphone'))
    await reply(text.code)
    assert.equal((await alice.get(text.value.location ?? '')).location, '/account/phone')
  })

  test('is there in German', async () => {
    const { alice } = await world()
    const page = await alice.get('/second-step', { headers: { 'accept-language': 'de' } })
    assert.match(page.text, /<h1>Antworten Sie auf unsere SMS<\/h1>/)
  })

  test('is not what somebody who types codes can ask for', async () => {
    const { alice } = await world('one-way')
    const { location = '' } = await alice.post('/second-step/text')
    assert.equal(location, '/second-step?way=text&notice=unavailable')
    assert.match((await alice.get(location)).text, /Enter the code we sent/)
  })
})

async function whenThere<T>(look: () => readonly T[], count: number): Promise<readonly T[]> {
  for (const end = Date.now() + 30_000; look().length < count && Date.now() < end; ) await sleep(20)
  return look()
}

/** Alice has begun to sign in, and the text with her code has come. `reply` is what she texts back. */
async function world(mode = 'two-way', settings: Record<string, unknown> = {}) {
  const world = await portalWorld({ settings: { 'text.mode': mode, ...settings } })
  const { value: alice, code } = await world.codeAfter(alicePhone, () => visitorWho('half signed in', world))
  await whenSent(alice, '/second-step', /waiting for your reply|code we sent/)
  let replies = 0
  const reply = (text: string) =>
    world.engine.replies.take({
      ...{ from: alicePhone, to: '12345', text, provider: 'simulator' },
      ...{ providerId: `r${replies++}`, at: world.clock.now() },
    })
  return { ...world, alice, code, reply }
}
