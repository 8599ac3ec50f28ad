import type { PasswordCheck } from '../src/core/directory.ts'

/** What a directory said of a password, without whose name it was. */
export async function bare(check: Promise<PasswordCheck>): Promise<PasswordCheck> {
  const { whom: _, ...said } = { whom: undefined, ...(await check) }
  return said
}
