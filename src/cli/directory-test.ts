import { testLdap } from '../outbound/directory/ldap-diagnosis.ts'
import { type Installation, readInstallation } from './operator.ts'

/** `sallyport directory test`: says step by step what works, and exactly what does not. */
export async function directoryTest(installation: Installation, env: NodeJS.ProcessEnv): Promise<number> {
  const { config } = readInstallation(installation, env)
  if (config.directory.kind === 'local') {
    console.log('Passwords are local (directory.kind is local); there is no directory to test.')
    return 0
  }
  const findings = await testLdap(config.directory.ldap)
  for (const { step, ok, detail } of findings)
    console.log(`${ok ? 'ok   ' : 'FAILS'}  ${step}${detail === undefined ? '' : `: ${detail}`}`)
  return findings.every(({ ok }) => ok) ? 0 : 1
}
