import { Attribute, Change, Client } from 'ldapts'
import { manyInLdap } from '../dev/hosts/many-people.ts'
import { rootDn, type SlapdHost, slapdIsInstalled, startSlapd } from '../dev/hosts/slapd.ts'
import { type Child, startChild } from './children.ts'
import type { Figure } from './figures.ts'
import type { Place } from './people.ts'
import { type Bench, bareRound } from './rounds.ts'
import type { Ran, Subject } from './syncing.ts'

const ADMINISTRATOR = 'root-password'
const CHANGED = 100

/** An LDAP server of so many people, imported and kept in step: what that takes, and how much memory. */
export async function synchronised(bench: Bench, name: string, place: Place, count: number): Promise<Figure[]> {
  if (!slapdIsInstalled()) {
    console.log('slapd is not installed: synchronisation is left out')
    return []
  }
  const people = manyInLdap(count)
  const slapd = await startSlapd({ more: people.ldif, administrator: ADMINISTRATOR })
  try {
    const { ldapsUrl: url, ca, bindDn, bindPassword } = slapd
    const subject: Subject = { place, url, ca, bindDn, bindPassword, base: people.base }
    const child = await startChild('syncing.ts', JSON.stringify(subject))
    try {
      const change = () => changeMails(slapd, people.dnOf)
      return await runs(bench, { child, change, count, name: `synchronisation, ${name}` })
    } finally {
      await child.stop()
    }
  } finally {
    await slapd.stop()
  }
}

type Runs = { child: Child; change: () => Promise<void>; count: number; name: string }

async function runs(bench: Bench, { child, change, count, name }: Runs): Promise<Figure[]> {
  const many = `${count.toLocaleString('en')} people`
  const ask = (whole: boolean) => child.ask<Ran>({ whole })
  const first = await ask(false)
  const second = await ask(true)
  const still = await ask(false)
  await change()
  const changed = await ask(false)
  const did = [first.counts.added, second.counts.changed, still.counts.read, changed.counts.changed]
  if (did.join() !== [count, 0, 0, Math.min(CHANGED, count)].join()) throw new Error(`${name}: ${did.join()}`)

  const figure = (what: string, unit: string, ours: number, better: Figure['better']): Figure => ({
    ...{ name: `${name}, ${what}`, unit, ours, bare: undefined, better },
  })
  const bare = (await bareRound(bench, count)).rate
  return [
    { ...figure(`first run of ${many}`, 'people/s', count / first.seconds, 'more'), bare },
    figure('second run, all read again', 'people/s', count / second.seconds, 'more'),
    figure('run after no change', 's', still.seconds, 'less'),
    figure(`run after ${CHANGED} changes`, 's', changed.seconds, 'less'),
    figure('peak memory', 'MiB', changed.peak, 'less'),
  ]
}

async function changeMails({ ldapsUrl: url, ca }: SlapdHost, dnOf: (i: number) => string): Promise<void> {
  const admin = new Client({ url, tlsOptions: { ca } })
  await admin.bind(rootDn, ADMINISTRATOR)
  for (let i = 0; i < CHANGED; i++) {
    const modification = new Attribute({ type: 'mail', values: [`new${i}@example.org`] })
    await admin.modify(dnOf(i), new Change({ operation: 'replace', modification }))
  }
  await admin.unbind()
}
