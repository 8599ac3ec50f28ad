/**
 * How the contract crosses a network: `POST <path>/v1/<operation>` with the input as JSON, HTTP Basic of a service account,
 * and the person's side of the call in these headers. Answered by `{ ok: true, value }` or `{ ok: false, refusal }`, and
 * by `{ ok: false, error, id? }` where the operation was not answered at all.
 */
export const sdkJson = {
  path: '/MultiFactorAuthWebServiceSdk',
  headers: {
    session: 'sallyport-session',
    address: 'sallyport-client-address',
    agent: 'sallyport-client-agent',
    language: 'sallyport-client-language',
    /** What a device has signed: base64url of `{ credential, body }` as JSON. */
    device: 'sallyport-device',
  },
  /** The longest input, in bytes. */
  mostInput: 64 * 1024,
  /** The longest answer, in bytes. */
  mostAnswer: 1024 * 1024,
} as const
