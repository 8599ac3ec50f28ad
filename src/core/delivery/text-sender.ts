import type { Message, Sender } from './sender.ts'

/** One text message on its way to one phone. `to` is E.164, `body` what the person reads. */
export type Text = Message

/** The port for a provider of text messages. */
export type TextSender = Sender
