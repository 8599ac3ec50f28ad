import { printable } from '../config/mistake.ts'
import type { Output } from '../contract/contract.ts'

type Question = Output<'listPrompts'>['prompts'][number]

const purposes: Record<Question['purpose'], string> = {
  'sign-in': 'Somebody is signing in as you. Was it you?',
  'step-up': 'Somebody signed in as you is changing your account. Was it you?',
  'app-proof': 'Finish setting up this device.',
}

/** A question, for a terminal. Addresses and names of browsers are what strangers sent. */
export function promptLines({
  id,
  purpose,
  application,
  address,
  place,
  browser,
  expiresAt,
  ...asks
}: Question): string[] {
  const where = [address, place?.name ?? (place?.kind === 'private' ? 'a private network' : undefined)]
  const wants = [asks.number && 'the number on the page', asks.pin && 'the PIN'].filter(Boolean).join(' and ')
  return [
    purposes[purpose],
    `  prompt       ${printable(id)}`,
    `  application  ${printable(application)}`,
    `  from         ${printable(where.filter(Boolean).join(', ') || 'unknown')}`,
    ...(browser ? [`  browser      ${printable(browser)}`] : []),
    `  until        ${printable(expiresAt)}`,
    ...(wants ? [`  asks for     ${wants}`] : []),
  ]
}

/** What came of an answer. */
export function outcomeLine(told: Output<'answerPrompt'>): string {
  switch (told.outcome) {
    case 'approved':
      return 'Approved.'
    case 'denied':
      return 'Denied.'
    case 'reported':
      return told.blocked ? 'Denied and reported; the account is blocked.' : 'Denied and reported.'
    case 'wrong-number':
      return 'That is not the number on the page. The question is over; ask for a new one there.'
    case 'wrong-pin':
      return `Wrong PIN; ${told.attemptsLeft} tries left.`
    case 'gone':
      return 'There is no such question any more.'
    case 'locked':
      return told.until ? `Locked until ${printable(told.until)}.` : 'Locked, until an administrator opens it again.'
  }
}
