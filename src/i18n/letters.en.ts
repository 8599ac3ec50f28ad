import { type IncidentHoles, owner, type Told } from './letter-words.ts'
import { syncLetterWords } from './sync-letter-words.ts'

/** The words of mails, in English: what others are translations of. */
export const en = {
  owner: {
    phone: owner('Your account has a new phone number', 'The phone number of your account is now {newNumber}.'),
    'backup-phone': owner(
      'Your account has a new backup phone',
      'The backup phone of your account is now {newNumber}.',
    ),
    'backup-phone-removed': owner('Your backup phone was removed', 'Your account has no backup phone any more.'),
    'mail-changed': owner(
      'The mail address of your account was changed',
      'Mails about your account do not come to this address any more.',
    ),
    'token-added': owner(
      'An authenticator app was added',
      'An authenticator app was added to your account. Its codes are good for signing in.',
    ),
    'token-removed': owner(
      'Your authenticator app was removed',
      'The authenticator app was removed from your account. Its codes are not good any more.',
    ),
    'passkey-added': owner('A passkey was added', 'A passkey was added to your account. It is good for signing in.'),
    'passkey-removed': owner(
      'A passkey was removed',
      'A passkey was removed from your account. It is not good for signing in any more.',
    ),
    'passkey-cloned': owner(
      'A passkey of yours was refused',
      'We refused a passkey of yours, since there seems to be a copy of it. Remove it from your account and make a new one.',
    ),
    'device-added': owner(
      'The mobile app was activated',
      'The mobile app was activated on a device for your account. It is good for signing in.',
    ),
    'device-removed': owner(
      'A device was removed',
      'A device was removed from your account. Its app is not good for signing in any more.',
    ),
    'questions-answered': owner(
      'Your security questions were answered',
      'The security questions of your account were chosen and answered anew. The answers from before are not good any more.',
    ),
    'questions-used': owner(
      'Your security questions were used',
      'Somebody answered the security questions of your account and signed in.',
    ),
    pin: owner('Your PIN was set or changed', 'Your account has a new PIN. The old one is no longer good.'),
    password: owner(
      'Your password was changed',
      'Your password was changed on the sign-in page, where a new one was wanted.',
    ),
    'pin-removed': owner('Your PIN was removed', 'The PIN was removed from your account. It is no longer good.'),
    method: owner('You are asked in another way at sign-in', 'Your account now asks for another second step first.'),
    'recovery-made': owner(
      'New recovery codes were made',
      'New recovery codes were made for your account. Those from before are not good any more.',
    ),
    'recovery-used': owner(
      'A recovery code was used',
      'A recovery code of yours was used to sign in. How many are left: {left}.',
    ),
    locked: owner(
      'Your second step is locked',
      'Somebody with your password gave several wrong answers, so your second step is locked for a while.',
    ),
    'locked-for-good': owner(
      'Your second step is locked',
      'Somebody with your password gave too many wrong answers, so your second step is locked until your help desk opens it.',
    ),
  },
  incidents: {
    fraud: {
      heading: ({ username }: IncidentHoles) => `Fraud reported for ${username}`,
      happened: ({ who, method }: IncidentHoles) =>
        `Asked by ${method} whether they were signing in, ${who} reported fraud. The sign-in was denied. Whoever signed in knew the password: see to it that it is changed.`,
    },
    blocked: {
      heading: ({ username }: IncidentHoles) => `${username} is blocked after a report of fraud`,
      happened: ({ who, method }: IncidentHoles) =>
        `${who} reported fraud by ${method} and asked to block the account. All its sessions are ended, and nobody can sign in to it.`,
    },
    locked: {
      heading: ({ username }: IncidentHoles) => `${username} is locked`,
      happened: ({ who }: IncidentHoles) =>
        `Somebody who knew the password of ${who} gave too many wrong second-step answers since the last right one. Only an administrator opens the second step again.`,
    },
  } satisfies Record<string, Told<IncidentHoles>>,
  methods: {
    call: 'phone call',
    text: 'text message',
    app: 'the app',
    oath: 'OATH token',
    passkey: 'passkey',
    questions: 'security questions',
    recovery: 'recovery code',
  },
  terms: {
    when: 'When',
    address: 'From',
    person: 'Person',
    method: 'Method',
    origin: 'Signed in from',
    account: 'Account',
    username: 'User name',
    people: 'People',
  },
  ...syncLetterWords.en,
  account: {
    open: 'not blocked',
    asked: 'not blocked so far; the person is being asked',
    blocked: 'blocked until it is unblocked',
    until: (date: string) => `blocked until ${date}`,
    locked: 'locked until it is opened',
  },
  hello: (name: string) => `Hello ${name},`,
  again: (count: string) =>
    `This happened ${count} times since we last wrote to you of it; what follows is the last time.`,
  help: (line: string | undefined) =>
    line ? `If this wasn't you, get help now. ${line}` : "If this wasn't you, tell your help desk now.",
  unlock: (username: string) => `To open it again: sallyport user unlock ${username}`,
  link: 'See your account',
  ownerFooter: (company: string) =>
    `${company} sent this mail by itself, since it is about the security of your account. Nobody there asks you for a password or a code by mail.`,
  administratorsFooter: 'This mail was sent by itself, to the addresses in company.administrators_mail.',
}

export type LetterWords = typeof en
