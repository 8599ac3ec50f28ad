import type { Tls } from '../config/config.ts'
import type { Clock } from '../core/ports.ts'
import { certificate, ownCertificate, type TlsMaterial } from '../storage/certificate.ts'

type Needs = { tls: Tls; folder: string; names: readonly string[]; clock: Clock }

/** The operator's certificate, or the one made at first start; undefined where a proxy in front ends TLS. */
export async function certificateFor({
  tls,
  folder,
  names,
  clock,
}: Needs): Promise<(TlsMaterial & { own: boolean }) | undefined> {
  switch (tls.kind) {
    case 'files':
      return { ...(await ownCertificate({ ...tls, clock })), own: true }
    case 'self-made':
      return { ...(await certificate({ folder, names, clock })), own: false }
    case 'off':
      return undefined
  }
}
