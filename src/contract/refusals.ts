/** Every expected "no", and what it means. `docs/reference/refusals.md` is made from this table. */
export const refusals = {
  'caller.refused': 'The credentials that came along do not open this operation, or have ended.',
  'input.malformed': 'The input is not of the shape that the operation takes.',
  'proof.stale': 'The second step is too long ago for this change; it must be given again first.',
  'clock.off': "The device's clock is more than five minutes from the server's; the answer says the server's time.",
  'credentials.wrong': 'User name and password do not go together. An unknown and a disabled user get the same.',
  'sign-in.off': 'Signing in to the portal is switched off.',
  'sign-in.hours':
    'The password was right, and the directory lets this person in at other hours. It says so to nobody else.',
  'enrolment.off': 'The person has no second step, and setting one up here is switched off, or not for this person.',
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
  'token.unknown': 'There is no hardware token of that serial number.',
  'token.ambiguous': 'Tokens of several makers have that serial number; name the manufacturer too.',
  'token.assigned': 'That token is assigned already; take it back first.',
  'token.unassigned': "That token is nobody's.",
  'token.revoked': 'That token was revoked, for good.',
  'way-in.none': 'The person has no second step left that could be asked; an administrator must help.',
  'pin.set': 'There is a PIN already; User Setup does not replace it.',
  'pin.missing': 'The method asks for a PIN, and User Setup wants it chosen first.',
  'mode.unknown': 'That method has no such mode.',
  'way-in.last': 'This would leave the person without any way in.',
  'question.unknown': 'One of the questions is not among those that may be chosen.',
  'language.unknown': 'That language is not among the shipped ones.',
  'sync-item.exists': 'There is an item of that name.',
  'sync-item.nowhere':
    'The directory has no such container or no such group, or does not show it to our account. `sallyport directory find` shows those there are, with their DNs.',
  'sync-item.unknown': 'There is no item of that name; `sallyport directory items` lists them.',
  'directory.unread':
    'People cannot be read from this directory; that takes directory.kind windows or ldap, or directory.people.from.',
  'removals.unknown': 'No such list waits; `sallyport directory waiting` shows the one that does.',
  'user.exists': 'There is a user of that name.',
  'user.unknown': 'There is no user of that name.',
  'username.malformed': 'User names have 1 to 256 characters, and no control characters.',
  'mail.malformed': 'That is not a mail address.',
  'phone.malformed': 'That is not a phone number; write it with + and the country code.',
  'phone.missing': 'Text message and phone call need a phone number.',
  'password.unfit': 'The new password is blank, or has characters that no keyboard types.',
  'password.same': 'The new password is the old one.',
  'password.rules':
    "The new password does not meet the directory's rules: too short, too simple, used before, or too soon.",
  'password.not-here':
    'The password cannot be changed here: it need not be, or the directory or its settings do not let it be.',
  'password.weak': 'Passwords have at least 8 characters and are not the user name.',
} as const
