import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A CA (`ca.pem`) and a certificate of it (`server.pem`, `server.key`) for these names, good for two days, in that folder.
 * Names are written as in openssl: `DNS:localhost`, `IP:127.0.0.1`. Returns the CA's PEM.
 */
export function makeCertificates(folder: string, names: readonly string[]): string {
  writeFileSync(
    join(folder, 'openssl.cnf'),
    `[req]
distinguished_name = name
prompt = no
[name]
CN = Sallyport test directory
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = ${names.join(', ')}
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
`,
  )
  const make = (section: string, name: string, ...more: string[]) =>
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-config', 'openssl.cnf', '-extensions', section, '-days', '2', '-nodes'],
        ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', `${name}.key`, '-out', `${name}.pem`],
        ...more,
      ],
      { cwd: folder, stdio: 'pipe' },
    )
  make('ca', 'ca')
  make('server', 'server', '-subj', '/CN=localhost', '-CA', 'ca.pem', '-CAkey', 'ca.key')
  return readFileSync(join(folder, 'ca.pem'), 'utf8')
}

/** A certificate of the CA in that folder for a client of that name (`CN=`), and its key, as PEM. */
export function makeClientCertificate(folder: string, commonName: string): { cert: string; key: string } {
  const name = ['-subj', `/CN=${commonName}`, '-keyout', 'client.key', '-out', 'client.pem']
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-config', 'openssl.cnf', '-extensions', 'client']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, ...by], { cwd: folder, stdio: 'pipe' })
  const [cert, key] = ['client.pem', 'client.key'].map((file) => readFileSync(join(folder, file), 'utf8'))
  return { cert: cert ?? '', key: key ?? '' }
}
