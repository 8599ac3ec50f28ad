import type { Output } from '../../contract/contract.ts'
import type { Moment } from '../../i18n/format.ts'
import { list } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { notice, shownCode, svgPicture, time, wait } from '../web/design/blocks.ts'
import { choice } from '../web/design/fields.ts'
import { sentence } from '../web/design/sentence.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Waiting, wakesIn } from './call.page.ts'
import { appSteps, type Journey, journeyPage } from './journey.ts'

export type AppPrompt = NonNullable<Output<'readSecondStep'>['app']>

/** A question that the person's devices have: which they are, and the number to type there. */
export function waitingForApp(frame: Frame, { devices, number, pin }: AppPrompt): Waiting {
  const { t, language, path } = frame
  const how = number === undefined ? 'standard' : 'number'
  const numbered = number === undefined ? {} : { number, numberLabel: t('app.number') }
  return {
    heading: t('app.heading'),
    lede: html`${t('app.lede.before')} <strong>${list(devices, language)}</strong>${t(`app.lede.${how}.after`)}${pin && ` ${t('app.lede.pin')}`}`,
    refreshSeconds: 5,
    centred: true,
    above: [],
    body: html`${wait({ text: t('app.waiting'), ...numbered })}<noscript>${link({ label: t('app.answered'), to: frame.to(path), kind: 'second' })}</noscript>`,
  }
}

/** What came of a question that is over. */
export function appOutcome({ t }: Frame, { outcome }: AppPrompt): Html | false {
  return outcome !== undefined && notice({ tone: 'bad', text: t(`app.outcome.${outcome}`) })
}

export type OwnDevice = Output<'listDevices'>['devices'][number]
export type StartView = {
  journey: Journey
  /** Where the app is, as people type it. */
  url: string
  /** All that one may have: one of them goes when the new one comes. */
  full: readonly OwnDevice[]
  most: number
  complaint?: string | undefined
}

/** The app first, then its code; and where there are as many devices as one may have, which of them goes. */
export function startAppPage(frame: Frame, { journey, url, full, most, complaint }: StartView): Html {
  const { t } = frame
  const options = full.map(({ id, name, platform }) => ({
    value: id,
    label: name,
    ...(platform && { hint: platform }),
  }))
  return journeyPage(
    frame,
    journey,
    { steps: appSteps, current: 1 },
    {
      heading: t('app.start.heading'),
      lede: t('app.start.lede'),
      failed: complaint !== undefined,
      above: full.length > 0 && notice({ tone: 'warn', text: t('app.full', { count: most }) }),
      body: [
        html`<ol class="todo"><li>${sentence(t, 'app.start.open', { url: link({ label: url, to: url }) })}</li><li>${t('app.start.install')}</li><li>${t('app.start.bring')}</li></ol>`,
        postForm(frame, {
          to: `${journey.base}/app/new`,
          body: [
            full.length > 0 &&
              choice(t, { name: 'replaces', legend: t('app.replaces'), options, complaint, value: only(full)?.id }),
            actions([button({ label: t('app.generate') })]),
          ],
        }),
        ways([back(frame, journey)]),
      ],
    },
  )
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined
}

export type CodeView = {
  journey: Journey
  code: string
  url: string
  /** With the code in it, for the picture and for whoever reads this on the device itself. */
  link: string
  qr: string
  until: Moment
  stamp: string
}

/** The code, where to bring it, and both as a picture. Prints on one sheet. */
export function activationPage(frame: Frame, view: CodeView): Html {
  const { t } = frame
  const { journey, code, url, qr, until, stamp } = view
  return journeyPage(
    frame,
    journey,
    { steps: appSteps, current: 1 },
    {
      heading: t('app.code.heading'),
      lede: t('app.code.lede'),
      live: live(frame, journey, stamp),
      refreshSeconds: 5,
      body: [
        html`<div class="scan">${svgPicture(qr, t('app.code.picture'))}<div><p>${t('app.code.by-hand')}<br><strong>${url}</strong></p><p>${t('app.code.code')}</p>${shownCode(code.replaceAll('-', ''))}<p class="hint">${t('app.code.until')} ${time(until)}.</p></div></div>`,
        html`<div class="wait quiet">${waitLine(t('app.code.waiting'))}</div>`,
        html`<p class="alone no-print"><a href="${view.link}" target="_blank" rel="noopener">${t('app.code.here')}</a></p>`,
        html`<noscript><p>${link({ label: t('app.code.check'), to: frame.to(`${journey.base}/app/code`), kind: 'second' })}</p></noscript>`,
        ways([
          postForm(frame, {
            to: `${journey.base}/app/again`,
            shape: 'inline',
            body: button({ label: t('app.code.another'), kind: 'plain' }),
          }),
          back(frame, journey),
        ]),
      ],
    },
  )
}

function waitLine(text: string): Html {
  return html`<p role="status"><span class="pulse" aria-hidden="true"><i></i><i></i><i></i></span> ${text}</p>`
}

function live(frame: Frame, { base }: Journey, stamp: string): string {
  return frame.to(`${base}/app/events?stamp=${encodeURIComponent(stamp)}`)
}

/** Nobody brought the code in time, or too many wrong ones came. */
export function activationOverPage(frame: Frame, { journey }: { journey: Journey }): Html {
  const { t } = frame
  return journeyPage(
    frame,
    journey,
    { steps: appSteps, current: 1 },
    {
      heading: t('app.code.over.heading'),
      lede: t('app.code.over.lede'),
      body: [
        postForm(frame, { to: `${journey.base}/app/again`, body: actions([button({ label: t('app.generate') })]) }),
        ways([back(frame, journey)]),
      ],
    },
  )
}

export type ProofView = {
  journey: Journey
  device: string
  proof: AppPrompt | undefined
  now: Date
  stamp: string
  notice?: 'too-soon' | undefined
}

/** User Setup: the device is there; it is asked for the first time, and ends User Setup when it approves. */
export function appProofPage(frame: Frame, view: ProofView): Html {
  const { t } = frame
  const { journey, device, proof, now, stamp } = view
  const step = { steps: appSteps, current: 2 }
  const told = view.notice && notice({ tone: 'warn', text: t('app.too-soon') })
  const ask = (label: string, kind: 'primary' | 'plain', wakes = 0) => {
    const pressed = button({ label, kind, ...(wakes > 0 && { wakesAfterSeconds: wakes }) })
    return postForm(frame, {
      to: `${journey.base}/app/ask`,
      shape: kind === 'plain' ? 'inline' : 'block',
      body: kind === 'plain' ? pressed : actions([pressed]),
    })
  }
  const common = { live: live(frame, journey, stamp) }
  if (!proof || proof.state === 'over') {
    const words = proof ? 'app.over' : 'app.connected'
    return journeyPage(frame, journey, step, {
      ...common,
      heading: t(`${words}.heading`, { device }),
      lede: t(`${words}.lede`),
      refreshSeconds: 900,
      above: [told, proof && appOutcome(frame, proof)],
      body: [ask(t(proof ? 'app.again' : 'app.ask'), 'primary'), ways([back(frame, journey)])],
    })
  }
  const { body, above, ...shown } = waitingForApp(frame, proof)
  return journeyPage(frame, journey, step, {
    ...common,
    ...shown,
    above: [told, ...above],
    body: [
      body,
      ways([ask(t('app.again'), 'plain', wakesIn(proof, now)), back(frame, journey)], {
        heading: t('app.nothing'),
      }),
    ],
  })
}

function back(frame: Frame, { kind }: Journey): Html {
  const { t } = frame
  return kind === 'setup'
    ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
    : link({ label: t('button.cancel'), to: frame.to('/account') })
}
