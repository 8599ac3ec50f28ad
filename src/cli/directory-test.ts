import { radiusConfig } from '../app/outward.ts'
import type { Config } from '../config/config.ts'
import { printable } from '../config/mistake.ts'
import type { Finding } from '../outbound/directory/finding.ts'
import type { NamedGroup } from '../outbound/directory/group-diagnosis.ts'
import { testLdap } from '../outbound/directory/ldap-diagnosis.ts'
import { testRadius } from '../outbound/directory/radius-diagnosis.ts'
import { testWindows } from '../outbound/directory/windows-diagnosis.ts'
import { systemClock as clock, systemRandom as random } from '../system.ts'
import { type Installation, readInstallation } from './operator.ts'

type Asked = Installation & { user?: string | undefined }

/** `sallyport directory test`: says step by step what works, and exactly what does not; with a name, how it is found. */
export async function directoryTest(installation: Asked, env: NodeJS.ProcessEnv): Promise<number> {
  const { config } = readInstallation(installation, env)
  const findings = await findingsOf(config, installation.user)
  if (!findings) {
    console.log('Passwords are local (directory.kind is local); there is no directory to test.')
    return 0
  }
  // Names of entries and certificates are others' words.
  for (const { step, ok, problem, detail } of findings)
    console.log(
      printable(`${ok ? (problem ? 'note ' : 'ok   ') : 'FAILS'}  ${step}${detail === undefined ? '' : `: ${detail}`}`),
    )
  return findings.every(({ ok }) => ok) ? 0 : 1
}

async function findingsOf(
  { directory, groups: configured }: Config,
  user: string | undefined,
): Promise<Finding[] | undefined> {
  const groups = namedGroups(configured)
  switch (directory.kind) {
    case 'local':
      return undefined
    case 'ldap':
      return testLdap(directory.ldap, { clock, user, groups })
    case 'radius':
      return testRadius(radiusConfig(directory.radius), { clock, random })
    case 'windows':
      return testWindows(directory.windows, { clock, random, user, groups })
  }
}

function namedGroups({ enrolment, serviceAccounts }: Config['groups']): NamedGroup[] {
  return [
    { step: 'directory.groups.enrolment', group: enrolment, without: 'nobody may enrol' },
    {
      step: 'directory.groups.service_accounts',
      group: serviceAccounts,
      without: 'no account of the directory opens the SDK',
    },
  ].flatMap(({ group, ...rest }) => (group === undefined ? [] : [{ group, ...rest }]))
}
