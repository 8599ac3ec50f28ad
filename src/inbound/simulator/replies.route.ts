import { seeOther } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import type { SimulatedPhones } from './phones.ts'
import type { SimulatedReplies } from './replies.ts'

type Needs = { phones: SimulatedPhones; replies: SimulatedReplies }

/** What the reply box below a text does. */
export function replyRoutes({ phones, replies }: Needs): readonly Route<'anyone'>[] {
  return [
    {
      method: 'POST',
      path: '/messages/:id/reply',
      who: 'anyone',
      summary: 'Replies to a text, from the phone that got it.',
      async handler({ params, form }) {
        const from = phones.messages().find(({ id }) => id === params.id)?.to
        if (from !== undefined) await replies.reply({ from, text: form.text('text', 2_000) })
        return seeOther('/')
      },
    },
  ]
}
