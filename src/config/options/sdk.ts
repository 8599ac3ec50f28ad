import { address } from '../addresses.ts'
import { certificates, existingFile, fingerprint } from '../files.ts'
import { flag, plainText, secretText } from '../kinds.ts'
import { httpsUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** The Web Service SDK: where it is served, and how a split portal reaches it. */
export const sdkOptions = {
  'sdk.listen': {
    kind: address,
    meaning: 'Where the Web Service SDK listens. Role server: 0.0.0.0:8444 unless given; otherwise off unless given.',
  },
  'sdk.tls.cert': {
    kind: existingFile,
    meaning: "PEM file with the SDK's certificate and its chain. Without one Sallyport makes its own.",
  },
  'sdk.tls.key': { kind: existingFile, meaning: 'PEM file with the key of that certificate.' },
  'sdk.client.use': {
    kind: flag,
    default: 'false',
    env: 'USE_WEB_SERVICE_SDK',
    meaning: 'This portal reaches the MFA Server on another machine through its Web Service SDK.',
  },
  'sdk.client.url': { kind: httpsUrl, env: 'WEB_SERVICE_SDK_URL', meaning: 'The address of that SDK.' },
  'sdk.client.username': {
    kind: plainText('the name of a service account'),
    env: 'WEB_SERVICE_SDK_AUTHENTICATION_USERNAME',
    meaning: 'The service account that the portal signs in with.',
  },
  'sdk.client.password': {
    kind: secretText,
    env: 'WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD',
    secret: true,
    meaning: 'Its password.',
  },
  'sdk.client.ca': {
    kind: certificates,
    env: 'WEB_SERVICE_SDK_CA',
    meaning: "The CA of the SDK's certificate, where the system does not trust it.",
  },
  'sdk.client.fingerprint': {
    kind: fingerprint,
    env: 'WEB_SERVICE_SDK_FINGERPRINT',
    meaning: 'Trust just the certificate with this fingerprint, which a server prints at its first start.',
  },
} as const satisfies Record<string, Row>
