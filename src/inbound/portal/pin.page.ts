import type { Output } from '../../contract/contract.ts'
import type { Key } from '../../i18n/catalogue.ts'
import { longDate, type Reader } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { errorSummary, type RowView } from '../web/design/blocks.ts'
import { passwordField } from '../web/design/fields.ts'
import { doorPage, sitePage } from '../web/design/layout.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { journeyPage, phoneSteps, setup } from './journey.ts'

export type PinComplaints = { old?: string; pin?: string; again?: string }
export type PinView = {
  /** In User Setup, on the account, or between the second step and the session. */
  place: 'setup' | 'account' | 'sign-in'
  /** Where the form goes. */
  to: string
  own: Output<'readPin'>
  complaints?: PinComplaints
}

/** One question: which PIN. Nothing that was typed is sent back. */
export function pinPage(frame: Frame, view: PinView): Html {
  const { t } = frame
  const { place, own, complaints = {} } = view
  const all = (['old', 'pin', 'again'] as const).flatMap((field) => {
    const text = complaints[field]
    return text === undefined ? [] : [{ field, text }]
  })
  const shown = {
    heading: t(own.asksOld ? 'pin.heading.change' : 'pin.heading'),
    lede: t(ledeOf(view)),
    failed: all.length > 0,
    above: all.length > 1 && errorSummary(t, all),
  }
  switch (place) {
    case 'setup': {
      const back = ways([link({ label: t('setup.other-method'), to: frame.to('/setup') })])
      const journey = { ...setup, who: own.displayName }
      // The PIN belongs to the method: it is the rest of that question.
      return journeyPage(
        frame,
        journey,
        { steps: phoneSteps, current: 0 },
        { ...shown, body: [form(frame, view), back] },
      )
    }
    case 'account':
      return sitePage(frame, { ...shown, who: own.displayName, shape: 'card', body: form(frame, view) })
    case 'sign-in': {
      const someoneElse = button({ label: t('ways.someone-else'), kind: 'plain' })
      const leave = postForm(frame, { to: '/sign-out', shape: 'inline', body: someoneElse })
      return doorPage(frame, { ...shown, badge: own.displayName, body: [form(frame, view), ways([leave])] })
    }
  }
}

function ledeOf({ place, own: { state, asksOld } }: PinView): Key {
  if (place === 'sign-in') return state === 'good' ? 'pin.lede.none' : `pin.lede.${state}`
  return asksOld ? 'pin.lede.change' : 'pin.lede'
}

function form(frame: Frame, { place, to, own, complaints = {} }: PinView): Html {
  const { t } = frame
  const field = {
    numeric: true,
    autocomplete: 'off',
    maxLength: 64,
    width: place === 'sign-in' ? 'full' : 'medium',
  } as const
  const hint = t(own.refusesWeak ? 'pin.hint.weak' : 'pin.hint', { count: own.minLength })
  const save = button({ label: t(place === 'account' ? 'button.save' : 'button.continue') })
  return postForm(frame, {
    to,
    body: [
      own.asksOld &&
        passwordField(t, {
          ...field,
          name: 'old',
          label: t('pin.old'),
          // All of them are empty again, and the focus is here.
          hint: Object.keys(complaints).length > 0 ? t('pin.retype') : undefined,
          complaint: complaints.old,
          autofocus: true,
        }),
      passwordField(t, {
        ...field,
        name: 'pin',
        label: t('pin.new'),
        hint,
        complaint: complaints.pin,
        autofocus: !own.asksOld,
      }),
      passwordField(t, { ...field, name: 'again', label: t('pin.again'), complaint: complaints.again }),
      actions(
        place === 'account'
          ? [save, link({ label: t('button.cancel'), to: frame.to('/account'), kind: 'second' })]
          : [save],
        { stacked: place === 'sign-in' },
      ),
    ],
  })
}

/** For those of whom a PIN is asked, or who have one. */
export function pinRows(
  { t, to }: Frame,
  { pin, pinAsked }: Pick<Output<'readAccount'>, 'pin' | 'pinAsked'>,
  reader: Reader,
): RowView[] {
  if (!pin && !pinAsked) return []
  const label = t(pin ? 'button.change' : 'pin.set-up')
  const value = pin ? t('pin.set-on', { date: longDate(new Date(pin.setAt), reader) }) : t('pin.none')
  return [{ term: t('pin'), value, action: { label, to: to('/account/pin'), object: t('pin.object') } }]
}
