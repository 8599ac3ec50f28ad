/** "?way=oath&to=%2Faccount", of what is there. */
export function queryOf(values: { way?: string; to: string | undefined; notice?: string | undefined }): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined)
  return pairs.map(([name, value], i) => `${i === 0 ? '?' : '&'}${name}=${encodeURIComponent(value ?? '')}`).join('')
}
