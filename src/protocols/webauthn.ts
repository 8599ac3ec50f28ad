/**
 * The relying party's checks of WebAuthn level 3 (sections 7.1 and 7.2), by way of @simplewebauthn/server. That library takes
 * a fifth of a second to load, so it is loaded when the first passkey comes.
 */

/** COSE algorithms that are taken, the preferred first: ES256, EdDSA, RS256. */
export const passkeyAlgorithms = [-7, -8, -257] as const

/** What `PublicKeyCredential.toJSON()` gives; binary parts are base64url. */
export type RegistrationJson = {
  id: string
  rawId: string
  type: 'public-key'
  response: { clientDataJSON: string; attestationObject: string }
}
export type AssertionJson = {
  id: string
  rawId: string
  type: 'public-key'
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string | undefined }
}

/** What an answer must belong to. `challenge` is base64url, `origin` as browsers write it. */
export type Ceremony = {
  challenge: string
  origin: string
  rpId: string
  userVerification: 'required' | 'preferred'
}

/** Whether it may be copied to other devices, and whether it was (flags BE and BS, section 6.1.3). */
export type Backup = 'none' | 'possible' | 'done'

/** `publicKey` is a COSE key in base64url. */
export type NewCredential = { id: string; publicKey: string; counter: number; aaguid: string; backup: Backup }
export type KnownCredential = Pick<NewCredential, 'id' | 'publicKey' | 'backup'>
export type Asserted = { counter: number; backup: Backup }

/** Section 7.1: a new credential, if this answer makes one. Undefined for whatever is wrong with it. */
export async function checkRegistration(
  response: RegistrationJson,
  ceremony: Ceremony,
): Promise<NewCredential | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  return unlessWrong(async () => {
    if (isEmbedded(response.response.clientDataJSON)) return undefined
    const { clientDataJSON } = response.response
    const attestationObject = await withoutAttestation(response.response.attestationObject)
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      ...expected(ceremony),
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
    if (!verified || !registrationInfo) return undefined
    const { credential, aaguid } = registrationInfo
    if (credential.id !== response.id) return undefined
    const publicKey = Buffer.from(credential.publicKey).toString('base64url')
    return { id: credential.id, publicKey, counter: credential.counter, aaguid, backup: backupOf(registrationInfo) }
  })
}

/**
 * Section 7.2, but for the counter: whether it may be what it is, the store decides by one statement. Undefined for whatever
 * is wrong.
 */
export async function checkAssertion(
  response: AssertionJson,
  known: KnownCredential,
  ceremony: Ceremony,
): Promise<Asserted | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  return unlessWrong(async () => {
    const { clientDataJSON, authenticatorData, signature } = response.response
    if (response.id !== known.id || isEmbedded(clientDataJSON)) return undefined
    const publicKey = new Uint8Array(Buffer.from(known.publicKey, 'base64url'))
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
      ...expected(ceremony),
      // Never the stored one: the library would make an error of what is to be noticed as a clone.
      credential: { id: known.id, publicKey, counter: 0 },
    })
    const backup = backupOf(authenticationInfo)
    // Step 19: whether it can be copied never changes.
    if (!verified || (backup === 'none') !== (known.backup === 'none')) return undefined
    return { counter: authenticationInfo.newCounter, backup }
  })
}

function expected({ challenge, origin, rpId, userVerification }: Ceremony) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: userVerification === 'required',
  }
}

/** The library throws for each thing that can be wrong, and for bytes that are no CBOR. The answer is refused, whichever it is. */
async function unlessWrong<T>(check: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await check()
  } catch {
    return undefined
  }
}

/** Our pages can be framed by nobody, so an answer out of a frame is not one to us (section 7.1, steps 10 and 11). */
function isEmbedded(clientDataJSON: string): boolean {
  const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
  if (typeof data !== 'object' || data === null) return true
  return ('crossOrigin' in data && data.crossOrigin !== false) || 'topOrigin' in data
}

/**
 * The statement about the make of the authenticator is left off: none is asked for, none is believed, and so no certificate
 * of a stranger's is parsed, nor anything fetched that it names.
 */
async function withoutAttestation(attestationObject: string): Promise<string> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await import('@simplewebauthn/server/helpers')
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData')
  const none = new Map<string | number, string | Uint8Array | Map<string | number, string>>()
  none.set('fmt', 'none').set('attStmt', new Map()).set('authData', authData)
  return isoBase64URL.fromBuffer(isoCBOR.encode(none))
}

function backupOf(info: { credentialDeviceType: 'singleDevice' | 'multiDevice'; credentialBackedUp: boolean }): Backup {
  if (info.credentialDeviceType === 'singleDevice') return 'none'
  return info.credentialBackedUp ? 'done' : 'possible'
}
