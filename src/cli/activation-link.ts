import { readActivationCode } from '../protocols/activation-code.ts'

/** What a person is shown: a code with the address beside it, or the link of the picture, which holds both. */
export function readActivation(given: string, url?: string): { code: string; origin: string } | { problem: string } {
  const link = URL.parse(given)
  const [, inLink] = /^#activate=(.+)$/.exec(link?.hash ?? '') ?? []
  const code = readActivationCode(inLink ?? given)
  if (code === undefined) return { problem: 'That is no activation code: twelve letters and digits.' }
  const at = URL.parse(url ?? (inLink === undefined ? '' : given))
  if (!at) return { problem: 'Give the address that is shown beside the code: --url https://…' }
  const here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(at.hostname)
  if (at.protocol !== 'https:' && !(at.protocol === 'http:' && here)) return { problem: 'The address has no https://.' }
  return { code, origin: at.origin }
}
