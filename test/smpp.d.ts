/** What the tests use of npm `smpp`, which brings no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server, Socket } from 'node:net'

  type Fields = Record<string, unknown>

  export type Pdu = {
    command: string
    command_status: number
    sequence_number: number
    source_addr: string
    destination_addr: string
    source_addr_ton: number
    source_addr_npi: number
    dest_addr_ton: number
    dest_addr_npi: number
    system_id: string
    password: string
    system_type: string
    data_coding: number
    esm_class: number
    registered_delivery: number
    short_message: { message: string | Buffer; udh?: Buffer[] }
    message_payload?: { message: string | Buffer }
    response(fields?: Fields): Pdu
    toBuffer(): Buffer
  }

  export interface Session extends EventEmitter {
    socket: Socket
    send(pdu: Pdu): boolean
    deliver_sm(fields: Fields, answered: (answer: Pdu) => void): boolean
    enquire_link(answered: (answer: Pdu) => void): boolean
    unbind(answered: (answer: Pdu) => void): boolean
    close(): void
    destroy(): void
  }

  const smpp: {
    createServer(options: { key?: string; cert?: string }, session: (session: Session) => void): Server
    PDU: new (command: string, fields?: Fields) => Pdu
  }
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS package.
  export default smpp
}
