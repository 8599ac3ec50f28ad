import { printable } from '../config/mistake.ts'
import { saidOf } from '../core/sync/preset.ts'
import { spokenIn } from './languages-given.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { told } from './told.ts'

/** `sallyport directory find containers|groups TEXT`. */
export async function directoryFind(
  what: 'containers' | 'groups',
  text: string,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const kind = what === 'groups' ? 'group' : 'container'
    const { found, more } = told(await api.findInDirectory(operator, { kind, text }))
    for (const { dn, name } of found) console.log(`${printable(name)}\n  ${printable(dn)}`)
    if (found.length === 0) console.log(`No ${kind} has that in its name.`)
    if (more) console.log('… and more. A longer part of the name finds fewer.')
  })
}

/** `sallyport directory preview ITEM`. */
export async function directoryPreview(
  name: string,
  { most, ...installation }: { most?: number } & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { people, more } = told(await api.previewSyncItem(operator, { name, ...(most && { most }) }))
    for (const {
      username,
      what,
      displayName,
      mail,
      phone,
      backupPhone,
      group,
      of,
      enabled,
      begins,
      starts,
      complaints,
      ...spoken
    } of people) {
      const details = [
        displayName,
        mail,
        phone,
        backupPhone && `or ${backupPhone}`,
        spokenIn(spoken),
        group,
        begins && saidOf(begins),
        starts === 'disabled' ? 'disabled until an operator enables them' : undefined,
        of && `in ${of}, which goes before`,
        enabled ? undefined : 'disabled there',
      ]
      console.log(printable(`${what.padEnd(9)}${username}  ${details.filter(Boolean).join(', ')}`))
      for (const complaint of complaints) console.log(printable(`           ${complaint}`))
    }
    if (people.length === 0) console.log('Nobody is in it.')
    if (more) console.log('… and more. All of them: sallyport directory sync --dry-run')
  })
}
