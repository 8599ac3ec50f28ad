import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a callback is about. `step` counts the answers of a call from 0. */
export type CallbackPlace =
  | { kind: 'voice'; id: string; step: number }
  | { kind: 'call-status'; id: string }
  | { kind: 'text-status'; id: string }

/** The addresses that a provider of calls and texts calls back at: made by who places a call, judged by the door. */
export type CallbackAddresses = {
  /** Of the door, as providers see it, without a slash at the end. */
  readonly publicUrl: string
  /** A whole address that nobody can guess. */
  addressOf(place: CallbackPlace): string
  isSecretOf(place: CallbackPlace, secret: string): boolean
}

const LEAST_KEY_BYTES = 32

/**
 * Each address ends with its own secret: HMAC-SHA-256 with `key` over what it is about. Every node knows it, nothing is
 * stored, and one that leaked opens no other. Throws RangeError for a short key and for what is no plain http(s) address.
 */
export function callbackAddresses({ publicUrl, key }: { publicUrl: string; key: Uint8Array }): CallbackAddresses {
  if (key.length < LEAST_KEY_BYTES) throw new RangeError(`the key has fewer than ${LEAST_KEY_BYTES} bytes`)
  if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/i.test(publicUrl)) throw new RangeError('not a plain http(s) address')
  const base = publicUrl.replace(/\/+$/, '')
  const secretOf = (place: CallbackPlace) =>
    createHmac('sha256', key)
      .update(`sallyport callback 1 ${JSON.stringify([place.kind, place.id, 'step' in place ? place.step : null])}`)
      .digest('base64url')

  return {
    publicUrl: base,
    addressOf: (place) => `${base}${pathOf(place)}/${secretOf(place)}`,
    isSecretOf(place, secret) {
      const [sent, right] = [Buffer.from(secret), Buffer.from(secretOf(place))]
      return sent.length === right.length && timingSafeEqual(sent, right)
    },
  }
}

function pathOf(place: CallbackPlace): string {
  const id = encodeURIComponent(place.id)
  switch (place.kind) {
    case 'voice':
      return `/telephony/voice/${id}/${place.step}`
    case 'call-status':
      return `/telephony/status/call/${id}`
    case 'text-status':
      return `/telephony/status/text/${id}`
  }
}
