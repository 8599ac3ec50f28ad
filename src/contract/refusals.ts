/** Every expected "no", and what it means. `docs/reference/refusals.md` is made from this table. */
export const refusals = {
  'caller.refused': 'The credentials that came along do not open this operation, or have ended.',
  'input.malformed': 'The input is not of the shape that the operation takes.',
  'proof.stale': 'The second step is too long ago for this change; it must be given again first.',
  'clock.off': "The device's clock is more than five minutes from the server's; the answer says the server's time.",
  'credentials.wrong': 'User name and password do not go together. An unknown and a disabled user get the same.',
  'sign-in.off': 'Signing in to the portal is switched off.',
  'enrolment.off': 'The person has no second step, and setting one up here is switched off.',
  'method.unavailable': 'The person has no such method, or the settings do not allow it.',
  'passkey.too-many': 'The person has as many passkeys as one may have; one of them must be removed first.',
  'passkey.unknown': 'The person has no such passkey.',
  'passkey.refused':
    'Nobody was signed in by that passkey: wrong, unknown, answered too late or twice, or of somebody who may not sign in.',
  'activation.refused':
    'No device was activated by that code: wrong, expired, used, or of somebody who may not sign in any more.',
  'device.too-many': 'The person has as many devices as one may have; one of them must be removed, or replaced.',
  'device.unknown': 'The person has no such device.',
  'request.replayed': 'The device has signed a later change already; sign this one anew, with a later time.',
  'way-in.last': 'This would leave the person without any way in.',
  'language.unknown': 'That language is not among the shipped ones.',
  'user.exists': 'There is a user of that name.',
  'user.unknown': 'There is no user of that name.',
  'username.malformed': 'User names have 1 to 256 characters, and no control characters.',
  'mail.malformed': 'That is not a mail address.',
  'phone.malformed': 'That is not a phone number; write it with + and the country code.',
  'phone.missing': 'Text message and phone call need a phone number.',
  'password.weak': 'Passwords have at least 8 characters and are not the user name.',
} as const
