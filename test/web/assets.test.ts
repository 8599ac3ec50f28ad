import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { withoutComments } from '../../src/inbound/web/assets.ts'

test('lines of comments go, and what only looks like one stays', () => {
  const text = `/* one */
a { content: "/* no */" } /* stays */
/**
 * several
 */
  // a line
  const url = 'https://x.test/*' // stays too

  b { color: red } /* so does this */
/* and */ c { }
`
  assert.equal(
    withoutComments(text),
    `a { content: "/* no */" } /* stays */
const url = 'https://x.test/*' // stays too
b { color: red } /* so does this */
/* and */ c { }
`,
  )
})

test('of our own files nothing but that goes', () => {
  for (const file of ['design/sallyport.css', 'browser/sallyport.js', '../portal/browser/passkey.js']) {
    const text = readFileSync(new URL(`../../src/inbound/web/${file}`, import.meta.url), 'utf8')
    const before = text.split('\n').map((line) => line.trim())
    const after = withoutComments(text).split('\n')
    const gone = before.filter((line) => !after.includes(line))
    assert.deepEqual(
      gone.filter((line) => !/^(\/\*|\*|\/\/)|\*\/$/.test(line)).filter((line) => !isProse(line)),
      [],
      file,
    )
    assert.ok(gone.length > 5 && after.length > 50, file)
  }
})

/** A line in the middle of a comment of CSS. */
const isProse = (line: string) => line === '' || /^[A-Z][\w ,.'-]+$/.test(line)
