import { addressOrOff } from '../addresses.ts'
import { folder } from '../files.ts'
import { secretText } from '../kinds.ts'
import { databaseUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** Where everything lies, and where it is watched. */
export const installationOptions = {
  data: {
    kind: folder,
    default: './data',
    meaning: 'Folder of the embedded database, the keys and the certificate made at first start.',
  },
  'database.url': {
    kind: databaseUrl,
    env: 'DATABASE_URL',
    secret: true,
    meaning: 'PostgreSQL. Without it the embedded SQLite database in the data folder is used.',
  },
  master_key: {
    kind: secretText,
    env: 'SALLYPORT_MASTER_KEY',
    secret: true,
    only: 'environment',
    meaning:
      'The key that seals the secrets in the database. Without it the file master.key in the data folder is used.',
  },
  'health.listen': {
    kind: addressOrOff,
    default: '127.0.0.1:9464',
    meaning: 'Where /healthz, /readyz and /metrics are served, in plain HTTP.',
  },
} as const satisfies Record<string, Row>
