import { address, subnets, virtualDirectory } from '../addresses.ts'
import { existingFile } from '../files.ts'
import { flag, headerName } from '../kinds.ts'
import { publicUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** The User Portal. */
export const portalOptions = {
  'portal.listen': { kind: address, default: '0.0.0.0:8443', meaning: 'Where the User Portal listens.' },
  'portal.url': {
    kind: publicUrl,
    meaning: 'Where people reach the portal; written into mails and asked of browsers. Passkeys belong to its host.',
  },
  'portal.path': {
    kind: virtualDirectory,
    default: '/MultiFactorAuth/',
    meaning: 'The virtual directory of the portal.',
  },
  'portal.tls.cert': {
    kind: existingFile,
    meaning: "PEM file with the portal's certificate and its chain. Without one Sallyport makes its own.",
  },
  'portal.tls.key': { kind: existingFile, meaning: 'PEM file with the key of that certificate.' },
  'portal.ssl_required': {
    kind: flag,
    default: 'true',
    env: 'SSL_REQUIRED',
    meaning: 'Serve with TLS only. False is for a portal behind a proxy that ends TLS.',
  },
  'portal.trusted_proxies': {
    kind: subnets,
    default: '',
    meaning: 'Proxies whose word is taken for the address and the scheme of a request.',
  },
  'portal.integrated.header': {
    kind: headerName,
    meaning:
      'The header in which a proxy names whom it has proven, mostly by Kerberos, in place of the password. The proxy must remove it from what browsers send.',
  },
  'portal.integrated.proxies': {
    kind: subnets,
    default: '',
    meaning: 'The proxies that are believed in that. From everybody else the header is not looked at.',
  },
} as const satisfies Record<string, Row>
