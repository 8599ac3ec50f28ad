import type { z } from 'zod'
import type { Call } from '../../contract/caller.ts'
import type { Answer, Api, contract, Name, Output, Refusal } from '../../contract/contract.ts'
import { MalformedForm } from '../web/form.ts'
import { type PageRequest, type Redirect, seeOther } from '../web/http.ts'

/** What the portal knows of the world: the contract, on this machine or another, and what the site is called. */
export type Portal = {
  api: Api
  /** What pages show before anyone is known; remembered for a few seconds. */
  site(): Promise<Output<'readSite'>>
}

/** The engine turned the person away from where the page wanted to go: the page ends, and leads there. */
export class TurnedAway extends Error {
  readonly to: Redirect

  constructor(to: Redirect) {
    super(`turned away to ${to.to}`)
    this.to = to
  }
}

/** The refusals a handler has to think about; the gate's own lead elsewhere, the same way from every page. */
type Expected<N extends Name> = Exclude<
  Refusal<N>,
  'caller.refused' | 'proof.stale' | 'input.malformed' | 'way-in.none'
>
export type Told<N extends Name> = { ok: true; value: Output<N> } | { ok: false; refusal: Expected<N> }

/** Asks the engine on behalf of the person whose browser this is. */
export async function ask<N extends Name>(
  portal: Portal,
  request: PageRequest,
  name: N,
  input: z.input<(typeof contract)[N]['input']>,
): Promise<Told<N>> {
  const answer = (await portal.api[name](callOf(request), input as never)) as Answer<N>
  if (answer.ok) return answer
  switch (answer.refusal) {
    case 'caller.refused':
      throw new TurnedAway(seeOther('/'))
    case 'way-in.none':
      throw new TurnedAway(seeOther('/second-step/none'))
    case 'proof.stale':
      throw new TurnedAway(seeOther(proveFirst(request.path)))
    case 'input.malformed':
      // Our forms are bounded before. What is left is text that grows in normal form, which no page of ours sends.
      throw new MalformedForm(400, `not what ${name} takes`)
    default:
      return answer as Told<N>
  }
}

/** For operations that have no refusals of their own. */
export async function tell<N extends Name>(
  portal: Portal,
  request: PageRequest,
  name: N,
  input: z.input<(typeof contract)[N]['input']>,
): Promise<Output<N>> {
  const told = await ask(portal, request, name, input)
  if (!told.ok) throw new Error(`${name}: ${told.refusal}`)
  return told.value
}

export function callOf({ session, address, userAgent, language }: PageRequest): Call {
  return { session, address, userAgent, language }
}

/** To the second step, and back to the page that wanted it. */
export function proveFirst(back: string): string {
  return `/second-step?to=${encodeURIComponent(back)}`
}
