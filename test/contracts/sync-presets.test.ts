import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineWorld, shownBy } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { syncWorld } from '../sync/world.ts'
import { dialects } from './dialects.ts'

const every = ['text', 'call', 'app', 'oath', 'passkey']
const mobile = { mobile: ['+12065550101'] }
const PIN = '7391'

for (const [dialect, open] of dialects) {
  describe(`what an item presets for new people, on ${dialect}`, () => {
    test('User Setup begins with it, has nothing else where nobody may select, and goes by the settings where it is not allowed', async () => {
      const database = await open()
      const made = await world(database, { 'portal.allow_method': false }, {})
      const { come, run, addItem, phones, user, masterKey } = made
      const presets = ['app', 'oath', 'passkey', 'text'] as const
      for (const method of presets) {
        await addItem(method, `ou=${method}`, { method })
        come(method, { in: [`ou=${method}`], ...(method === 'app' && { phones: mobile }) })
      }
      await run()
      for (const method of presets) assert.deepEqual((await setup(made, method)).methods, [method])
      const { phone, method } = (await user('app')) ?? {}
      assert.deepEqual({ phone, method }, { phone: '+12065550101', method: null }, 'the number is kept, and not asked')
      assert.deepEqual(phones.messages(), [])

      const choosing = await later({})
      assert.deepEqual(choosing.methods, ['app', 'text', 'oath', 'passkey'], 'nobody here places calls')
      const { api, call, methods } = await later({
        'portal.methods': ['oath', 'app'],
        'portal.allow_app': false,
        'portal.allow_method': false,
      })
      assert.deepEqual(methods, ['oath'], 'the app is switched off')
      assert.deepEqual(await api.offerActivation(call, {}), { ok: false, refusal: 'method.unavailable' })

      /** As the settings may be one day. */
      async function later(settings: Record<string, unknown>) {
        const all = { 'portal.methods': every, 'sync.automatic': false, ...settings }
        const node = { directory: peopleDirectory('app'), settings: all, masterKey, seeded: false }
        return setup(await engineWorld(database, node), 'app')
      }
      async function setup({ api, from, begin }: Pick<typeof made, 'api' | 'from' | 'begin'>, name: string) {
        const call = { ...from, session: await begin(name) }
        const read = await api.readSetup(call, {})
        return { api, call, methods: read.ok && read.value.methods }
      }
    })

    test('where its mode asks for a PIN, nobody gets by without one', async () => {
      const modes = { app: 'pin', oath: 'otp-pin', text: 'one-way-pin' }
      const made = await world(await open(), {}, { method: 'oath', modes })
      const { come, run, addItem, begin, api, from, operator, codeAfter, clock } = made
      await addItem('texted', 'ou=texted', { method: 'text', modes })
      for (const name of ['ann', 'ben']) come(name)
      come('tex', { in: ['ou=texted'], phones: mobile })
      await run()

      const ann = { ...from, session: await begin('ann') }
      const own = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', kind: 'totp' } as const
      const first = { ok: false, refusal: 'pin.missing' }
      assert.deepEqual(await api.offerToken(ann, {}), first)
      assert.deepEqual(await api.enterToken(ann, own), first)
      assert.deepEqual(await api.offerActivation(ann, {}), first)
      assert.deepEqual(await api.provePhone(ann, { country: 'US', number: '206 555 0177' }), first)
      assert.ok((await api.choosePin(ann, { pin: PIN })).ok)
      const offer = await api.offerToken(ann, {})
      assert.ok(offer.ok)
      await api.removePin(operator, { username: 'ann' })
      const gone = await api.confirmToken(ann, { code: shownBy(offer.value.uri, clock.now()) })
      assert.equal(gone.ok, false, 'what was open ended with the PIN')

      const ben = { ...from, session: await begin('ben') }
      await api.setMode(operator, { username: 'ben', method: 'oath', mode: 'otp' })
      const without = await api.offerToken(ben, {})
      assert.ok(without.ok)
      await api.setMode(operator, { username: 'ben', method: 'oath', mode: 'otp-pin' })
      const code = shownBy(without.value.uri, clock.now())
      assert.deepEqual(await api.confirmToken(ben, { code }), { ok: true, value: { outcome: 'gone' } })
      assert.equal((await api.readSetup(ben, {})).ok, true, 'and is still in User Setup, where a PIN comes first')

      const texted = await codeAfter('+12065550101', () => begin('tex'), { coded: true })
      const passed = await api.answerSecondStep(
        { ...from, session: texted.value },
        { method: 'text', code: texted.code },
      )
      assert.ok(passed.ok && passed.value.outcome === 'new-pin')
      assert.equal((await api.readAccount({ ...from, session: passed.value.session }, {})).ok, false)
    })

    test('somebody of several items has the first one’s, and a changed order counts from the next run on, for whoever has not enrolled', async () => {
      const { come, run, counts, addItem, preset, api, operator, enrolToken } = await world(
        await open(),
        {},
        {
          method: 'app',
          modes: { app: 'pin', text: 'one-way-pin' },
        },
      )
      await addItem('board', 'ou=board', { method: 'oath', modes: { app: 'standard' } })
      for (const name of ['ann', 'ben', 'cid']) come(name, { in: ['ou=people', 'ou=board'] })
      await run()
      const staff = { method: null, preset_method: 'app', app_mode: 'pin', text_mode: 'one-way-pin' }
      for (const name of ['ann', 'ben', 'cid']) assert.deepEqual(await preset(name), staff)

      await api.setMode(operator, { username: 'ben', method: 'text', mode: 'one-way' })
      await enrolToken('cid')
      await api.changeSyncItem(operator, { name: 'board', first: true })
      const said = await run({ dryRun: true })
      assert.deepEqual(await preset('ann'), staff, 'a dry run changes nothing')
      const did = await run()
      assert.deepEqual(did.counts, said.counts)
      assert.deepEqual(
        did.findings.map(({ username, detail }) => [username, detail]),
        ['ann', 'ben'].map((name) => [name, 'sets up oath']),
      )
      const board = { method: null, preset_method: 'oath', app_mode: 'standard', text_mode: null }
      assert.deepEqual(await preset('ann'), board)
      assert.deepEqual(await preset('ben'), { ...board, text_mode: 'one-way' }, 'what an operator has set stays')
      assert.deepEqual(await preset('cid'), { ...staff, method: 'oath' }, 'whoever has enrolled is left alone')
      assert.deepEqual(await counts({ whole: true }), { read: 3 })
    })

    test('an item that says something else later: whoever has enrolled is left alone', async () => {
      const { come, run, counts, preset, api, operator } = await world(await open(), {}, { method: 'text' })
      come('ann', { phones: mobile })
      come('ben')
      await run()
      const change = async (rules: object) => {
        const changed = await api.changeSyncItem(operator, { name: 'staff', rules: rules as never })
        assert.ok(changed.ok)
        return (await run()).findings.map(({ username, detail }) => `${username}: ${detail}`)
      }
      assert.deepEqual(await change({ method: 'app', modes: { app: 'pin' } }), ['ben: sets up app (pin)'])
      const ann = { method: 'text', preset_method: 'text', app_mode: null, text_mode: null }
      assert.deepEqual(await preset('ann'), ann)
      assert.deepEqual(await change({}), ['ben: chooses what to set up'])
      assert.deepEqual(await preset('ben'), { method: null, preset_method: null, app_mode: null, text_mode: null })
      assert.deepEqual(await preset('ann'), ann)
      assert.deepEqual(await counts({ whole: true }), { read: 2 })
    })

    test('new people wait for an operator where they are added as disabled, and no run enables them', async () => {
      const rules = { newcomers: 'disabled', mailNew: true, method: 'text' }
      const { come, run, counts, api, from, operator, names, begin, database } = await world(await open(), {}, rules)
      come('ann', { mail: 'ann@corp.example', phones: mobile })
      const seen = await api.previewSyncItem(operator, { name: 'staff' })
      const [shown] = seen.ok ? seen.value.people : []
      assert.deepEqual(shown?.begins, { how: 'asked', method: 'text', mode: undefined })
      assert.equal(shown?.starts, 'disabled')
      const { findings } = await run()
      assert.deepEqual(findings, [{ what: 'added', username: 'ann', detail: 'asked by text, disabled' }])
      come('ann', { firstName: 'Ann', mail: 'ann@corp.example', phones: mobile })
      assert.deepEqual(await counts({ whole: true }), { read: 1, changed: 1 })
      assert.deepEqual(await names(), [])
      const refused = await api.beginSignIn(from, { username: 'ann', password: 'sallyport-demo' })
      assert.deepEqual(refused, { ok: false, refusal: 'credentials.wrong' })
      assert.deepEqual(await database.rows({ parts: ['SELECT id FROM delivery'], values: [] }), [])

      await api.enableUser(operator, { username: 'ann' })
      assert.ok(await begin('ann'))
      assert.deepEqual(await counts({ whole: true }), { read: 1 })
    })

    test('the mail to new people says what their first sign-in will ask', async () => {
      const { come, run, addItem, mails } = await world(await open(), {}, {})
      const said: [name: string, rules: object, words: RegExp[]][] = [
        ['ann', { method: 'text' }, [/text message to •••• ••01 01/, /nothing to set up/]],
        ['pia', { method: 'text', modes: { text: 'one-way-pin' } }, [/text message to •••• ••01 01/, /choose a PIN/]],
        ['ben', { method: 'app', modes: { app: 'pin' } }, [/put the app on it/, /choose a PIN/]],
        ['cid', { method: 'oath' }, [/authenticator app or token/]],
        ['dot', { method: 'passkey' }, [/add a passkey/]],
        ['eve', { method: 'call' }, [/Sign in once to set up your second step/]],
      ]
      for (const [name, rules] of said) {
        await addItem(name, `ou=${name}`, { ...rules, mailNew: true })
        const phones = 'method' in rules && rules.method === 'text' ? mobile : {}
        come(name, { in: [`ou=${name}`], mail: `${name}@corp.example`, phones })
      }
      await run()
      for (const [name, , words] of said) {
        const deadline = Date.now() + 30_000
        while (mails.mails(`${name}@corp.example`).length === 0) {
          assert.ok(Date.now() < deadline, `no mail to ${name}`)
          await sleep(20)
        }
        const [mail] = mails.mails(`${name}@corp.example`)
        for (const each of words) assert.match(mail?.text ?? '', each)
      }
    })
  })
}

/** An item `staff` by these rules, and people who are in the directory and can sign in. */
async function world(database: Parameters<typeof syncWorld>[0], settings: Record<string, unknown>, rules: object) {
  const made = await syncWorld(database, { settings: { 'portal.methods': every, ...settings }, rules })
  const { source, directory, user } = made
  function come(username: string, more: Parameters<typeof source.put>[1] = {}) {
    source.put(username, more)
    directory.people.push({ uid: `uid-${username}`, username })
  }
  async function preset(username: string) {
    const { method, preset_method, app_mode, text_mode } = (await user(username)) ?? {}
    return { method, preset_method, app_mode, text_mode }
  }
  return { ...made, come, preset }
}
