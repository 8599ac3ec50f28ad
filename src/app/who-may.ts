import type { Directory } from '../core/directory.ts'
import type { Clock, Write } from '../core/ports.ts'
import type { passwordHasher } from '../core/secrets/password-hash.ts'
import type { Sealing } from '../core/secrets/sealing.ts'
import { directoryAccounts } from '../core/service-accounts/directory-account.ts'
import { serviceAccountCheck } from '../core/service-accounts/service-account.ts'
import type { SettingsSource } from '../core/settings/settings.ts'
import { barredThere } from '../core/sign-in/barred.ts'
import type { floorOf } from '../core/sign-in/floor.ts'
import { enrolmentGroup } from '../core/sign-in/may-enrol.ts'
import { passwordPace } from '../core/sign-in/password-pace.ts'
import type { DirectoryKind } from '../core/users/user.ts'
import type { Stores } from './stores.ts'

/** Groups of the directory that checks passwords, and what they open; by name or DN. */
export type Groups = { enrolment?: string | undefined; serviceAccounts?: string | undefined }

type Asked = { directory: Directory; kind: DirectoryKind; groups: Groups | undefined }
type Over = {
  read: Stores
  write: Write<Stores>
  hasher: Pick<ReturnType<typeof passwordHasher>, 'verify'>
  sealing: Sealing
  settings: SettingsSource
  floor: ReturnType<typeof floorOf>
  clock: Clock
}

/** Who may still sign in, who may enrol, and who may use the SDK. People and accounts of the directory share one count of tries. */
export function whoMay({ directory, kind, groups = {} }: Asked, { read, settings, ...over }: Over) {
  const pace = passwordPace({ ...over, known: read.known, settings })
  const group = groups.serviceAccounts
  const fromDirectory = group === undefined ? undefined : directoryAccounts({ ...over, directory, group, pace })
  return {
    pace,
    barred: barredThere({ directory, kind }),
    mayEnrol: enrolmentGroup({ directory, kind }, groups.enrolment),
    checkServiceAccount: serviceAccountCheck({ ...over, serviceAccounts: read.serviceAccounts, fromDirectory }),
  }
}
