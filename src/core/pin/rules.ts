import { readCode } from '../../protocols/code-input.ts'

export const PIN_LENGTH = { shortest: 4, longest: 16 }

const LENGTHS = Array.from({ length: PIN_LENGTH.longest }, (_, i) => i + 1)

/** A PIN as a person types it, in ASCII digits; every spelling comes to one. Undefined for what is not 1 to 16 digits. */
export function readPin(typed: string): string | undefined {
  return readCode(typed, LENGTHS)
}

export type PinRules = {
  /** 4 to 14. */
  minLength: number
  refuseWeak: boolean
}

/**
 * Why a PIN is refused. `repeats`: one digit makes up most of it. `run`: up or down by one, or evenly. `alternates`: a
 * group of digits again and again. `year`: it is one, or begins or ends with one. `phone`: four digits in a row of the
 * user's own numbers. `common`: what many people choose.
 */
export type PinProblem =
  | 'not-digits'
  | 'too-short'
  | 'repeats'
  | 'run'
  | 'alternates'
  | 'year'
  | 'phone'
  | 'common'
  | 'used-before'

/** Every reason to refuse the PIN, in the order of the type. `phones` are the user's own, in any form. */
export function pinProblems(
  typed: string,
  { minLength, refuseWeak }: PinRules,
  phones: readonly string[],
): PinProblem[] {
  const pin = readPin(typed)
  if (pin === undefined) return ['not-digits']
  if (pin.length < Math.max(minLength, PIN_LENGTH.shortest)) return ['too-short']
  if (!refuseWeak) return []
  return weaknesses.filter(([, isWeak]) => isWeak(pin, phones)).map(([problem]) => problem)
}

const weaknesses: readonly [PinProblem, (pin: string, phones: readonly string[]) => boolean][] = [
  ['repeats', repeats],
  ['run', runs],
  ['alternates', alternates],
  ['year', hasYear],
  ['phone', hasPhone],
  ['common', (pin) => COMMON.has(pin)],
]

/** 1111, 0007, 444449: three or more of one digit in a row, and more than half of the PIN. */
function repeats(pin: string): boolean {
  const longest = longestStretch(steps(pin), (step) => step === 0) + 1
  return longest >= 3 && longest > pin.length / 2
}

/** 1234, 9876, 7890, 2468, 1470: evenly; or four in a row by one, and half of the PIN: 123498. */
function runs(pin: string): boolean {
  const all = steps(pin)
  const [first = 0] = all
  if (first !== 0 && all.every((step) => step === first)) return true
  const longest = 1 + Math.max(...[1, 9].map((by) => longestStretch(all, (step) => step === by)))
  return longest >= 4 && longest >= pin.length / 2
}

/** 1212, 12121, 123123, 12341234: each digit is the one a group's length before, and the group fits in twice. */
function alternates(pin: string): boolean {
  for (let group = 2; group <= pin.length / 2; group++) {
    if (pin.startsWith(pin.slice(group))) return true
  }
  return false
}

/** 1900 to 2099, alone or with a day or month before or after it; in a longer PIN it is only a part. */
function hasYear(pin: string): boolean {
  return pin.length <= 8 && /^(19|20)\d\d|(19|20)\d\d$/.test(pin)
}

const OF_A_PHONE = 4

function hasPhone(pin: string, phones: readonly string[]): boolean {
  const numbers = phones.map((phone) => phone.replace(/\D/g, ''))
  for (let at = 0; at + OF_A_PHONE <= pin.length; at++) {
    if (numbers.some((number) => number.includes(pin.slice(at, at + OF_A_PHONE)))) return true
  }
  return false
}

/** How far each digit is from the one before, upwards, past 9 to 0: runs go on there as they do on a keypad. */
function steps(pin: string): number[] {
  return Array.from(pin.slice(1), (digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10)
}

function longestStretch(all: readonly number[], belongs: (step: number) => boolean): number {
  let longest = 0
  let current = 0
  for (const step of all) {
    current = belongs(step) ? current + 1 : 0
    longest = Math.max(longest, current)
  }
  return longest
}

/** Chosen often and caught by no rule above: columns and corners of the keypad, words, numbers of films and dates. */
const COMMON = new Set(
  `1004 1122 2211 1313 2580 0852 7410 1470 3690 1379 9713 1397 7139 2486 1236 1478 3698 7896 4711 1337 0420 0911 5683
   5201 1221 2112 1001 2002 6996 1342 2684 0070 1230 3210 9870 1010 6969
   123321 321123 112233 332211 102030 159753 357951 147258 258147 258369 147369 741852 963852 159357 142536 121314
   123654 456123 789456 987456 123789 789123 520520 131420 080808 101010 111222 222333
   11223344 12344321 43211234 10203040 14725836 11112222 13572468 147258369 123123123 1234554321 1029384756`.split(
    /\s+/,
  ),
)
