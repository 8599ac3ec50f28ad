import { textAsset } from '../web/assets.ts'
import { postForm } from '../web/design/actions.ts'
import { type Html, html, type Piece } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

/** Pages with such a form name it among their scripts. */
export const passkeyScript = textAsset(new URL('./browser/passkey.js', import.meta.url), 'text/javascript')

/** The longest credential that the engine takes. */
export const LONGEST_CREDENTIAL = 16_384

const failures = ['cancelled', 'unsupported', 'elsewhere', 'exists', 'broken'] as const

export type PasskeyFormView = {
  /** What the browser is asked for: a new one, or the answer of one. */
  kind: 'create' | 'get'
  /** Where the question comes from (POST, answered in JSON), and where the answer goes. */
  ask: string
  to: string
  body: Piece
  shape?: 'block' | 'inline'
}

/**
 * A form whose answer comes from a passkey. The sentences for what can go wrong in the browser wait in it, hidden; without
 * script it is sent empty, and the handler says what a passkey needs.
 */
export function passkeyForm(frame: Frame, { kind, ask, to, body, shape = 'block' }: PasskeyFormView): Html {
  const { t } = frame
  const sentences = failures.map(
    (failure) =>
      html`<div class="notice bad" role="alert" hidden data-failed="${failure}"><p>${t(`passkey.failed.${failure}`)}</p></div>`,
  )
  return postForm(frame, {
    to,
    shape,
    data: { 'data-passkey': kind, 'data-ask': frame.to(ask) },
    body: [
      html`<input type="hidden" name="credential" value="">${kind === 'get' && html`<input type="hidden" name="id" value="">`}`,
      sentences,
      body,
    ],
  })
}
