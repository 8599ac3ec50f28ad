/**
 * E.164, from what stands for the sender of a text: with + or 00, or bare digits that are enough for a number with its
 * country. Undefined for short codes, names, and national numbers, which do not say of which country they are.
 */
export function phoneOfSender(sender: string): string | undefined {
  const digits = sender.replace(/^(\+|00)/, '')
  const least = digits === sender ? 8 : 7
  return /^[1-9]\d{1,14}$/.test(digits) && digits.length >= least ? `+${digits}` : undefined
}
