/**
 * Every component in every state, for eyes and for axe. Not part of the product.
 * `node dev/gallery.ts` serves it; `node dev/gallery.ts shots <folder>` takes pictures with Chromium and ends.
 */
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { moment } from '../src/i18n/format.ts'
import { actions, button, link, postForm, ways } from '../src/inbound/web/design/actions.ts'
import {
  errorSummary,
  kept,
  notice,
  rows,
  section,
  sectionBody,
  shownCode,
  stepper,
  svgPicture,
  table,
  tag,
  time,
  wait,
} from '../src/inbound/web/design/blocks.ts'
import {
  checkbox,
  choice,
  codeField,
  field,
  fieldRow,
  passwordField,
  selectField,
} from '../src/inbound/web/design/fields.ts'
import { doorPage, sitePage } from '../src/inbound/web/design/layout.ts'
import { makeLook } from '../src/inbound/web/design/look.ts'
import { problemPage } from '../src/inbound/web/design/problem.page.ts'
import { html } from '../src/inbound/web/html.ts'
import { type PageRequest, seeOther } from '../src/inbound/web/http.ts'
import type { Listener } from '../src/inbound/web/listen.ts'
import { type Draw, help, openPages, quiet } from './gallery-site.ts'

const who = 'Bob Brandt'
const another = (request: PageRequest) => link({ label: 'Use another way to prove it’s you', to: request.to('/ways') })

const signIn: Draw = (request) =>
  doorPage(request, {
    heading: 'Sign in',
    lede: 'Use your Contoso user name and password.',
    body: html`${postForm(request, {
      to: '/sign-in',
      body: [
        field(request.t, {
          name: 'username',
          label: 'User name',
          value: 'bob',
          autocomplete: 'username',
          verbatim: true,
        }),
        passwordField(request.t, { name: 'password', label: 'Password', autocomplete: 'current-password' }),
        actions([button({ label: request.t('button.continue') })], { stacked: true }),
      ],
    })}${ways([link({ label: 'Use a passkey instead', to: request.to('/passkey') })])}`,
  })

const waiting: Draw = (request) =>
  doorPage(request, {
    heading: 'Approve on your phone',
    lede: html`Open the notification on <strong>Bob’s Pixel 9</strong> and enter this number.`,
    centred: true,
    live: '/live',
    body: html`${wait({ number: '42', numberLabel: 'The number is', text: 'Waiting for your answer. This page moves on by itself.' })}${postForm(
      request,
      {
        to: '/again',
        body: actions([button({ label: request.t('button.send-again'), kind: 'second', wakesAfterSeconds: 1 })], {
          stacked: true,
        }),
      },
    )}${ways([another(request)])}`,
  })

const code: Draw = (request) =>
  doorPage(request, {
    heading: 'Enter the code we sent',
    lede: html`A text message is on its way to ${kept('•••• ••01 77')}. The code is good for 5 minutes.`,
    failed: true,
    body: html`${postForm(request, {
      to: '/code',
      body: [
        codeField(request.t, {
          name: 'code',
          label: '6-digit code',
          length: 6,
          value: '48215',
          complaint: 'That isn’t the code we sent. 4 tries left.',
          autofocus: true,
        }),
        actions([button({ label: request.t('button.continue') })], { stacked: true }),
      ],
    })}${ways(
      [
        postForm(request, { to: '/again', shape: 'inline', body: button({ label: 'Send a new code', kind: 'plain' }) }),
        another(request),
      ],
      { heading: 'Nothing arrived?' },
    )}`,
  })

const methods: Draw = (request) =>
  sitePage(request, {
    who,
    shape: 'card',
    above: stepper(request.t, { steps: ['Method', 'Phone', 'Verify', 'Done'], current: 0 }),
    heading: 'How do you want to prove it’s you?',
    lede: 'Each time you sign in we’ll ask for one more thing besides your password. You can change this later.',
    body: postForm(request, {
      to: '/method',
      body: [
        choice(request.t, {
          name: 'method',
          legend: 'Method',
          value: 'app',
          options: [
            {
              value: 'app',
              label: 'Mobile app',
              hint: 'Tap to approve. Works on any phone with a browser, nothing to buy.',
            },
            { value: 'text', label: 'Text message', hint: 'We text you a code.' },
            { value: 'call', label: 'Phone call', hint: 'We call you; you press #. Works with a desk phone.' },
            { value: 'oath', label: 'OATH token', hint: 'A code from an authenticator app or a hardware token.' },
            { value: 'passkey', label: 'Passkey', hint: 'Your fingerprint, face or security key.', disabled: true },
          ],
        }),
        actions([button({ label: request.t('button.continue') })]),
      ],
    }),
  })

const phone: Draw = (request) =>
  sitePage(request, {
    who,
    shape: 'card',
    failed: true,
    above: stepper(request.t, { steps: ['Method', 'Phone', 'Verify', 'Done'], current: 1 }),
    heading: 'Which phone should we call?',
    lede: 'We’ll call it now to make sure it’s yours.',
    body: postForm(request, {
      to: '/phone',
      body: [
        selectField(request.t, {
          name: 'country',
          label: 'Country',
          width: 'medium',
          value: 'US',
          options: [
            { value: 'DE', label: 'Germany (+49)' },
            { value: 'US', label: 'United States (+1)' },
          ],
        }),
        fieldRow([
          field(request.t, {
            name: 'phone',
            label: 'Phone number',
            inputmode: 'tel',
            autocomplete: 'tel-national',
            width: 'medium',
            value: '206 555 01',
            complaint: 'This number is too short for the country you chose (United States).',
            autofocus: true,
          }),
          field(request.t, {
            name: 'extension',
            label: 'Extension',
            optional: true,
            inputmode: 'numeric',
            width: 'short',
          }),
        ]),
        passwordField(request.t, {
          name: 'pin',
          label: 'Create a PIN',
          hint: 'At least 4 digits. You enter it during the call.',
          autocomplete: 'new-password',
          numeric: true,
          width: 'medium',
        }),
        actions([
          button({ label: 'Call Me Now to Authenticate' }),
          link({ label: request.t('button.back'), to: request.to('/methods'), kind: 'second' }),
        ]),
      ],
    }),
  })

const account: Draw = (request) => {
  const { t, to, language, now } = request
  const ago = (hours: number) =>
    time(moment(new Date(now.getTime() - hours * 3_600_000), { language, timeZone: 'Europe/Berlin', now }))
  const change = (object: string) => ({ label: t('button.change'), to: to('/change'), object })
  return sitePage(request, {
    who,
    above: notice({ lead: 'Your phone number was changed.', text: 'We told the old number too.', focus: true }),
    heading: 'Your account',
    lede: 'What Contoso asks of you at sign-in, and where it reaches you.',
    body: [
      section({
        heading: 'Your second step',
        body: rows([
          { term: 'Method', value: html`Mobile app ${tag('in use', 'good')}`, action: change('your method') },
          { term: 'PIN', value: 'Set', note: 'Changed 3 March 2027', action: change('your PIN') },
          {
            term: 'Language',
            value: 'English',
            note: 'for calls, texts, the app and OATH messages',
            action: change('your language'),
          },
        ]),
      }),
      section({
        heading: 'Devices and tokens',
        action: link({ label: 'Add a device', to: to('/add') }),
        body: rows([
          {
            term: 'Mobile app',
            value: 'Bob’s Pixel 9',
            note: html`Added 12 May 2026 · last used ${ago(0)}`,
            action: postForm(request, {
              to: '/remove',
              shape: 'inline',
              body: button({ label: t('button.remove'), kind: 'plain', object: 'Bob’s Pixel 9' }),
            }),
          },
          { term: 'OATH token', value: 'Feitian c200, 2600 1234', note: 'Not used yet' },
        ]),
      }),
      section({
        heading: 'Recent activity',
        action: link({ label: 'See all', to: to('/activity'), object: 'of your activity' }),
        body: rows([
          { term: ago(1), value: 'Signed in with the mobile app', note: 'Seattle, United States · Firefox on Windows' },
          {
            term: ago(26),
            value: html`Phone call not answered ${tag('not signed in', 'warn')}`,
            note: 'VPN · 203.0.113.7',
          },
        ]),
      }),
    ],
  })
}

const people: Draw = (request) =>
  sitePage(request, {
    who: 'Helen Hart (help desk)',
    nav: [
      { items: [{ label: 'Your account', to: request.to('/account') }] },
      {
        heading: 'Help desk',
        items: [
          { label: 'Users', to: request.to('/people'), current: true },
          { label: 'Add a user', to: request.to('/add') },
        ],
      },
    ],
    heading: 'Users',
    lede: '48,211 users · 47,902 enrolled · 3 locked',
    body: [
      notice({
        tone: 'warn',
        lead: 'Two people wait for help.',
        text: html`<a href="${request.to('/people')}">See them</a>`,
      }),
      table({
        caption: 'Users',
        captionHidden: true,
        columns: [{ label: 'User' }, { label: 'Method' }, { label: 'State' }, { label: 'Tries', numeric: true }],
        rows: [
          [link({ label: 'Bob Brandt', to: request.to('/bob') }), 'Mobile app', tag('Enabled', 'good'), 0],
          [link({ label: 'Bruno Alves', to: request.to('/bruno') }), 'Text message', tag('Locked', 'bad'), 10],
          [link({ label: 'Umbreen Aziz', to: request.to('/umbreen') }), 'OATH token', tag('Not enrolled', 'warn'), 0],
          [link({ label: 'Abril Ortiz', to: request.to('/abril') }), 'Passkey', tag('Disabled'), 1284],
        ],
      }),
    ],
  })

const everything: Draw = (request) => {
  const { t } = request
  const complaints = [
    { field: 'email', text: 'Give an address with an @ in it.' },
    { field: 'kind', text: 'Choose one of the kinds.' },
    { field: 'agree', text: 'Tick the box to go on.' },
  ]
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h2v2H4z"/></svg>'
  return sitePage(request, {
    who: 'Maximiliane Freifrau von und zu Hohenstein-Oberlangenfeld',
    heading: 'Everything else',
    failed: true,
    above: html`${errorSummary(t, complaints)}${notice({ tone: 'bad', lead: 'This did not work.', text: 'Try again in a minute.' })}`,
    body: [
      postForm(request, {
        to: '/everything',
        body: [
          field(t, {
            name: 'email',
            label: 'Mail address',
            type: 'email',
            optional: true,
            hint: 'For notices only.',
            value: 'ada.example.org',
            complaint: complaints[0]?.text,
            width: 'medium',
          }),
          field(t, {
            name: 'greyed',
            label: 'Switched off',
            value: 'Nobody may sign in now',
            disabled: true,
            width: 'medium',
          }),
          passwordField(t, {
            name: 'wrong',
            label: 'Current password',
            autocomplete: 'current-password',
            complaint: 'That isn’t your password.',
            width: 'medium',
          }),
          choice(t, {
            name: 'kind',
            legend: 'Kind',
            hint: 'One only.',
            complaint: complaints[1]?.text,
            options: [
              { value: 'a', label: 'One' },
              { value: 'b', label: 'Another', hint: 'With a few words that say what it means' },
            ],
          }),
          checkbox(t, {
            name: 'agree',
            label: 'I have kept my recovery codes',
            hint: 'They are not shown again.',
            complaint: complaints[2]?.text,
          }),
          checkbox(t, { name: 'news', label: 'Tell me by mail too', checked: true }),
          actions([
            button({ label: t('button.save') }),
            button({ label: 'Not me', kind: 'danger', name: 'answer', value: 'no' }),
            button({ label: t('button.cancel'), kind: 'second' }),
            button({ label: 'Not yet', disabled: true }),
            link({ label: t('button.back'), to: request.to('/'), kind: 'primary' }),
          ]),
        ],
      }),
      section({
        heading: 'Activate',
        body: sectionBody([
          html`<p>Scan this with the app, or type the code.</p>`,
          svgPicture(svg, 'QR code for the app'),
          shownCode('JBSWY3DPEHPK3PXP'),
        ]),
      }),
      section({
        heading: 'Nothing here',
        body: table({
          caption: 'Texts',
          captionHidden: true,
          columns: [{ label: 'When' }, { label: 'Text' }],
          rows: [],
          empty: 'No texts yet.',
        }),
      }),
    ],
  })
}

/** By path; the story looks at each. */
export const galleryPages: Readonly<Record<string, Draw>> = {
  'sign-in': signIn,
  waiting,
  code,
  methods,
  phone,
  account,
  people,
  everything,
  missing: (request) => problemPage(request, 'missing'),
  broken: (request) => problemPage(request, 'broken', { id: '0198c7f2-3d1e-7bd0' }),
}

export async function openGallery({ port = 0, accent }: { port?: number; accent?: string } = {}): Promise<Listener> {
  return openPages({
    heading: 'Gallery',
    pages: galleryPages,
    routes: [
      { method: 'GET', path: '/live', who: 'anyone', handler: quiet },
      { method: 'POST', path: '/sign-in', who: 'anyone', handler: () => seeOther('/waiting') },
    ],
    look: makeLook({ company: 'Contoso', accent, help }),
    port,
  })
}

/** The pages of Chromium without the windows around them: half the work, and the same engine. */
export const chromiumOptions = {
  executablePath: '/usr/bin/chromium-headless-shell',
  args: '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  ),
}

async function takePictures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const gallery = await openGallery()
  const browser = await chromium.launch(chromiumOptions)
  const views = [
    { name: 'desk-light', colorScheme: 'light', width: 1100, height: 760, locale: 'en' },
    { name: 'desk-dark', colorScheme: 'dark', width: 1100, height: 760, locale: 'en' },
    { name: 'phone-light', colorScheme: 'light', width: 360, height: 700, locale: 'de' },
    { name: 'phone-dark', colorScheme: 'dark', width: 360, height: 700, locale: 'en' },
  ] as const
  for (const { name, colorScheme, width, height, locale } of views) {
    const tab = await browser.newPage({ colorScheme, locale, viewport: { width, height } })
    for (const path of Object.keys(galleryPages)) {
      await tab.goto(`${gallery.url}/${path}`)
      await tab.screenshot({ path: `${folder}/${path}-${name}.png`, fullPage: true })
    }
    await tab.close()
  }
  await browser.close()
  await gallery.close()
}

if (import.meta.main) {
  const [verb, folder = 'gallery-pictures'] = process.argv.slice(2)
  if (verb === 'shots') await takePictures(folder)
  else console.log((await openGallery({ port: 8099 })).url)
}
