/** Files that take longest, from about three minutes to half a minute of a quiet machine, and for what. */
const LONGEST = [
  // A domain of Samba with 10,000 people.
  'test/contracts/sync-ten-thousand.test.ts',
  // Pages without JavaScript, which ask again every few seconds.
  'test/stories/call.test.ts',
  'test/stories/pin.test.ts',
  // A hundred thousand answers.
  'test/contracts/fifty-clients.test.ts',
  'test/stories/reply.test.ts',
  'test/stories/authenticator.test.ts',
  'test/contracts/passkey-races.test.ts',
  'test/stories/split.test.ts',
  'test/stories/tokens.test.ts',
  'test/stories/demo.test.ts',
  'test/contracts/windows-forest.test.ts',
]

/**
 * The order in which files are begun. A long one that comes last is waited for by an idle machine. The stories, which wait
 * for browsers and clocks, are spread among those that keep it busy.
 */
export function longestFirst(files: readonly string[]): string[] {
  const long = LONGEST.filter((file) => files.includes(file))
  const others = files.filter((file) => !LONGEST.includes(file))
  const waiting = others.filter((file) => file.startsWith('test/stories/'))
  const working = others.filter((file) => !file.startsWith('test/stories/'))
  return [...long, ...spread(waiting, working)]
}

/** The few at even distances among the many, each list in its order. */
function spread(few: readonly string[], many: readonly string[]): string[] {
  const places = [few, many].flatMap((list) => list.map((file, i) => ({ file, place: (i + 1) / (list.length + 1) })))
  return places.sort((one, other) => one.place - other.place).map(({ file }) => file)
}
