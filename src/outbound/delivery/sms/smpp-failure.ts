import { AppError } from '../../../core/errors.ts'

/** Why a message was not taken, in words for the operator's log that quote no PDU. Leaves these files as `delivery.failed` only. */
export class SmppFailure extends Error {}

/** `where` is the centre. Without the cause: nothing of a message may get into a log. */
export function asDeliveryFailed(error: unknown, where: string, signal: AbortSignal): AppError {
  const why = error instanceof SmppFailure ? error.message : signal.aborted ? 'given up' : 'cannot be sent'
  return new AppError('delivery.failed', { detail: `${where}: ${why}` })
}
