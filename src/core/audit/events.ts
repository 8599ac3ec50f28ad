/**
 * Everything that the audit records, and what it means. `own`: shown to the person in their own activity list.
 * `docs/reference/audit-events.md` is made from this table.
 */
export const auditEvents = {
  'password.right': {
    own: false,
    meaning:
      'User name and password were right. `asked` is the second step that is asked now, `reason` why it is that.',
  },
  'sign-in.integrated': {
    own: false,
    meaning:
      'A trusted proxy had proven who it is, in place of the password. `asked` is the second step that is asked now, `reason` why it is that.',
  },
  'sign-in.integrated-refused': {
    own: false,
    meaning: 'Whom a trusted proxy had proven was not let in: nobody in the directory, or one who may not sign in.',
  },
  'password.wrong': { own: true, meaning: 'The password of a known user was wrong.' },
  'password.changing': {
    own: false,
    meaning: 'A password that must be changed was right, and a new one is about to be given to the directory.',
  },
  'password.changed': {
    own: true,
    meaning:
      'A password that had to be changed was changed at the directory, from the sign-in page; what was open ended.',
  },
  'password.not-changed': {
    own: true,
    meaning:
      'A new password was not taken by the directory. `why`: its rules, or not-allowed, or password where the old one was wrong.',
  },
  'password.unknown-user': { own: false, meaning: 'Somebody tried a user name that is not known here.' },
  'directory.challenged': {
    own: false,
    meaning: 'The directory asked back after user name and password; a wrong reply is a wrong password, `why: reply`.',
  },
  'identity.conflict': {
    own: false,
    meaning:
      'The directory presented a new person under the name of an existing user, or (RADIUS) under one that differs from it by an accent alone; nobody was signed in.',
  },
  'identity.bound': {
    own: false,
    meaning: 'A user who was added by name was tied to the directory, at the first right password.',
  },
  'identity.refreshed': { own: false, meaning: 'The directory has other names for a user, and they were taken over.' },
  'sign-in.left': { own: false, meaning: 'Somebody gave up a sign-in after the password.' },
  'text.asked': { own: false, meaning: 'A code was queued for a phone.' },
  'text.wait': { own: false, meaning: 'A text was not queued: too many before it.' },
  'text.confirmed': { own: false, meaning: 'A text was answered by a text; its page may pass with it, once.' },
  'text.ambiguous': {
    own: false,
    meaning: 'A reply was right for several people who share a phone, so it counted for none of them.',
  },
  'call.asked': { own: false, meaning: 'A call was queued for a phone.' },
  'call.wait': { own: false, meaning: 'A call was not queued: too many before it.' },
  'call.answered': { own: false, meaning: 'A phone was picked up.' },
  'call.asked-again': { own: false, meaning: 'What was pressed was no answer, or nothing was pressed.' },
  'call.backup': { own: false, meaning: 'The first phone could not be reached, and the backup phone is called.' },
  'call.confirmed': { own: false, meaning: 'A call was confirmed at the phone; its page may pass with it, once.' },
  'call.failed': {
    own: true,
    meaning:
      'A call confirmed nothing. `outcome`: wrong-number, wrong-pin, hung-up, no-answer, busy, unreachable or declined.',
  },
  'call.fraud': { own: true, meaning: 'Fraud was reported by phone; what the call was for is denied.' },
  'user.blocked': { own: true, meaning: 'The account was blocked by a report of fraud.' },
  'second-step.passed': {
    own: true,
    meaning: 'The second step was given and the person signed in. `reason` is why it could be given by that `method`.',
  },
  'second-step.renewed': { own: true, meaning: 'A signed-in person gave the second step again, before a change.' },
  'second-step.tried': {
    own: false,
    meaning: 'An answer that takes work to judge was taken, and a try was spent on it; what it was worth follows.',
  },
  'second-step.new-pin': {
    own: false,
    meaning:
      'The second step was right, and nothing opens before a PIN is chosen. `why`: there is none, it must-change, or it is expired.',
  },
  'second-step.wrong': { own: true, meaning: 'A second-step answer was wrong.' },
  'second-step.replayed': { own: true, meaning: 'A code was right but had been used before.' },
  'second-step.gone': {
    own: false,
    meaning: 'A code was typed for a challenge that had expired, was used, or never was.',
  },
  'second-step.locked': { own: true, meaning: 'The second step was locked after too many wrong answers.' },
  'second-step.refused': { own: false, meaning: 'An answer was not looked at, since the second step is locked.' },
  'phone.proof-asked': {
    own: false,
    meaning: 'A code or a call was queued for a number that a person wants to prove.',
  },
  'phone.proven': { own: true, meaning: 'A phone number was proven and is now on the account.' },
  'phone.proof-wrong': { own: false, meaning: 'A wrong code was typed, or keyed in by phone, for a number to prove.' },
  'backup-phone.proven': { own: true, meaning: 'A backup phone was proven and is now on the account.' },
  'backup-phone.removed': { own: true, meaning: 'The backup phone was taken off the account.' },
  'token.offered': { own: false, meaning: 'A secret for an authenticator app was shown.' },
  'token.entered': { own: false, meaning: "The secret of a token of a person's own was entered, to be proven." },
  'token.added': { own: true, meaning: 'An OATH token was proven and is now on the account.' },
  'token.proof-wrong': { own: false, meaning: 'A wrong code was typed for a token to prove.' },
  'token.removed': { own: true, meaning: 'The OATH token was taken off the account.' },
  'token.imported': { own: false, meaning: 'The operator imported a hardware token.' },
  'token.assigned': { own: true, meaning: 'The operator gave a hardware token to the person.' },
  'token.unassigned': {
    own: true,
    meaning: 'The operator took a hardware token back from the person; what was open ended.',
  },
  'token.revoked': { own: true, meaning: 'The operator ended a hardware token for good; what was open ended.' },
  'token.resynchronised': {
    own: true,
    meaning: 'A token that had run away was found again by two codes in a row. `by`: operator, else its holder.',
  },
  'passkey.offered': { own: false, meaning: 'A browser was asked to make a passkey.' },
  'passkey.added': { own: true, meaning: 'A passkey was made and is now on the account.' },
  'passkey.proof-wrong': { own: false, meaning: 'What came as a new passkey was none, or was on an account already.' },
  'passkey.renamed': { own: false, meaning: 'A passkey was given another name.' },
  'passkey.removed': { own: true, meaning: 'A passkey was taken off the account.' },
  'passkey.cloned': {
    own: true,
    meaning: 'The counter of a passkey went back, so there may be two of it; the answer was refused.',
  },
  'passkey.signed-in': { own: true, meaning: 'A person signed in with a passkey alone.' },
  'passkey.refused': {
    own: false,
    meaning:
      'A sign-in with a passkey alone was refused. `why`: what was wrong with the answer; or the passkey was right, and the account is disabled here, or the directory has it as unknown, disabled, account-expired or not at this hour.',
  },
  'questions.answered': { own: true, meaning: 'Security questions were chosen and answered, in place of all before.' },
  'questions.wait': { own: false, meaning: 'Security questions were not taken: answered too often before.' },
  'recovery.made': { own: true, meaning: 'New recovery codes were made; those that there were are dead.' },
  'recovery.wait': { own: false, meaning: 'Recovery codes were not made: too many sets before them.' },
  'recovery.used': { own: true, meaning: 'A recovery code was used up. `left` is how many there are still.' },
  'activation.offered': { own: false, meaning: 'A code for activating the mobile app was shown.' },
  'activation.refused': { own: false, meaning: 'Somebody brought an activation code that activates nothing.' },
  'activation.wait': { own: false, meaning: 'An activation code was not looked at: too many wrong ones before it.' },
  'device.added': { own: true, meaning: 'The mobile app was activated on a device, which is now on the account.' },
  'device.activated': {
    own: false,
    meaning: 'The mobile app was activated on a device in User Setup; it counts once that is finished.',
  },
  'device.replaced': { own: true, meaning: 'A device was taken off the account, since another was activated for it.' },
  'device.renamed': { own: false, meaning: 'A device was given another name.' },
  'device.removed': { own: true, meaning: 'A device was taken off the account.' },
  'device.push-set': { own: false, meaning: 'A device said how it is woken up, or that it is not.' },
  'app.asked': { own: false, meaning: 'A question was put to the devices of a person.' },
  'app.wait': { own: false, meaning: 'A question was not put to any device: too many before it.' },
  'app.proof-asked': { own: false, meaning: 'A device that was activated in User Setup was asked for the first time.' },
  'app.approved': { own: false, meaning: 'A device has approved; the page that waits may pass with it, once.' },
  'app.denied': { own: true, meaning: 'A device has denied what it was asked.' },
  'app.fraud': { own: true, meaning: 'Fraud was reported on a device; what it was asked is denied.' },
  'app.gone': { own: false, meaning: 'A device answered what had expired, was answered, or never was asked of it.' },
  'pin.chosen': { own: true, meaning: 'A person chose a PIN.' },
  'pin.wrong': { own: true, meaning: 'Somebody who wanted to change the PIN gave a wrong one.' },
  'method.chosen': { own: true, meaning: 'The method asked first at sign-in was changed.' },
  'language.chosen': {
    own: false,
    meaning: 'The language of a person, or of their calls, texts, app or OATH alone, was changed.',
  },
  'enrolment.done': { own: true, meaning: 'User Setup was finished.' },
  'session.ended': { own: true, meaning: 'The person signed out.' },
  'user.added': {
    own: false,
    meaning:
      'A user was added by the operator, an import, or a first sign-in through the directory. `preset` is the method that the import has set for them.',
  },
  'user.password-set': { own: true, meaning: 'The operator set a new local password.' },
  'user.pin-set': { own: true, meaning: 'The operator set a PIN; what was open ended.' },
  'user.pin-removed': { own: true, meaning: 'The operator removed the PIN; what was open ended.' },
  'user.mode-set': {
    own: false,
    meaning: 'The operator set how a user answers by a method; without `mode` as the settings say.',
  },
  'user.unlocked': { own: true, meaning: 'The operator opened the second step again, and lifted a block.' },
  'user.synchronised': {
    own: false,
    meaning:
      'A synchronisation took over what the directory says now. `fields` is what changed, `method` by what the person is enrolled since, `preset` what User Setup begins with since.',
  },
  'user.disabled': {
    own: true,
    meaning:
      'The user cannot sign in any more, and what was open ended. `by` whom; `why`: disabled there, by the directory, or gone from it.',
  },
  'user.enabled': {
    own: true,
    meaning: 'The user can sign in again: the directory has them again, or the operator said so.',
  },
  'user.removed': {
    own: false,
    meaning: 'The user was removed, with all that was theirs. `by` and `why` as for user.disabled.',
  },
  'removals.waiting': {
    own: false,
    meaning: 'More users than may be at once would be disabled or removed; they wait for approval.',
  },
  'removals.approved': { own: false, meaning: 'The operator approved a list of users to be disabled or removed.' },
  'removals.rejected': { own: false, meaning: 'The operator rejected a list of users to be disabled or removed.' },
  'sync-item.set': { own: false, meaning: 'The operator added or changed what is imported from the directory.' },
  'sync-item.removed': {
    own: false,
    meaning: 'The operator removed an item; its people stay, and are not synchronised any more.',
  },
  'notices.withheld': {
    own: false,
    meaning:
      'In one synchronisation the mail addresses of more people than `most` (sync.mail_notices) changed, and whoever came after them is not told of it.',
  },
  'sync.asked': { own: false, meaning: 'The operator had the users synchronised with the directory.' },
  'service-account.set': { own: false, meaning: 'The operator added a service account or gave it a new password.' },
  'service-account.proven': {
    own: false,
    meaning:
      'An account of the directory is a service account: its password was right, and it is in the group. Once for each password and start.',
  },
  'service-account.refused': {
    own: false,
    meaning:
      'What was given as a service account of the directory was refused. `why` as for password.wrong; `group`: the password was right, and the account is not in the group.',
  },
} as const satisfies Record<string, { own: boolean; meaning: string }>

export type EventName = keyof typeof auditEvents
export const ownEvents = (Object.keys(auditEvents) as EventName[]).filter((name) => auditEvents[name].own)
