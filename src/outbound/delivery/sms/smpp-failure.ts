import { AppError } from '../../../core/errors.ts'

/** Why a message was not taken, in words for the operator's log that quote no PDU. Leaves these files as AppError only. */
export class SmppFailure extends Error {}

/** The centre is there and said no, or the message is none that SMPP can carry. */
export class SmppRefusal extends SmppFailure {}

/** `where` is the centre. Without the cause: nothing of a message may get into a log. */
export function asDeliveryError(error: unknown, where: string, signal: AbortSignal): AppError {
  const why = error instanceof SmppFailure ? error.message : signal.aborted ? 'given up' : 'cannot be sent'
  const silent = error instanceof SmppFailure && !(error instanceof SmppRefusal)
  return new AppError(silent ? 'delivery.unreachable' : 'delivery.failed', { detail: `${where}: ${why}` })
}
