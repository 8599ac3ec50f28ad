import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import type { OwnDevice } from './app.page.ts'
import { removeDevicePage, renameDevicePage } from './device.page.ts'
import { account } from './journey.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'

const LONGEST_NAME = 60
const LONGEST_ID = 64

/** The person's own device of that id; another's is not there. */
async function ownDevice(portal: Portal, request: PageRequest): Promise<OwnDevice | undefined> {
  const { devices } = await tell(portal, request, 'listDevices', {})
  return devices.find(({ id }) => id === request.params.id)
}

export async function getRenameDevice(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const device = await ownDevice(portal, request)
  if (!device) return seeOther('/account')
  const { displayName } = await tell(portal, request, 'readAccount', {})
  return page(renameDevicePage(request, { who: displayName, id: device.id, name: device.name }))
}

export async function postRenameDevice(portal: Portal, request: PageRequest): Promise<Reply> {
  const name = request.form.text('name', LONGEST_NAME)
  const device = await ownDevice(portal, request)
  if (!device) return seeOther('/account')
  if (name === '') {
    const { displayName } = await tell(portal, request, 'readAccount', {})
    const complaint = request.t('device.name.missing')
    return page(renameDevicePage(request, { who: displayName, id: device.id, name, complaint }), 422)
  }
  const told = await ask(portal, request, 'renameDevice', { id: device.id, name })
  return seeOther(told.ok ? '/account?done=device-renamed' : '/account')
}

export async function getRemoveDevice(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const device = await ownDevice(portal, request)
  if (!device) return seeOther('/account')
  const { displayName } = await tell(portal, request, 'readAccount', {})
  const last = request.query.has('last')
  return page(removeDevicePage(request, { who: displayName, id: device.id, name: device.name, last }))
}

export async function postRemoveDevice(portal: Portal, request: PageRequest): Promise<Reply> {
  const id = (request.params.id ?? '').slice(0, LONGEST_ID)
  const told = await ask(portal, request, 'removeDevice', { id })
  if (told.ok) return seeOther('/account?done=device-removed')
  return seeOther(
    told.refusal === 'way-in.last' ? `/account/devices/${encodeURIComponent(id)}/remove?last=yes` : '/account',
  )
}
