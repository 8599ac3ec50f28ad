import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { referencePages } from './reference/pages.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'reference')
mkdirSync(folder, { recursive: true })
for (const [file, page] of Object.entries(referencePages)) writeFileSync(join(folder, file), page())
console.log(`docs/reference: ${Object.keys(referencePages).join(', ')}`)
