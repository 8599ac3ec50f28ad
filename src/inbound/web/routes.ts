import type { PageRequest, Reply } from './http.ts'

/** One row of a door's table. `Who` is the door's own list of levels: 'anyone' | 'half signed in' | … */
export type Route<Who extends string> = {
  method: 'GET' | 'POST'
  /** Below the site's base, in hono's notation: "/devices/:id". */
  path: `/${string}`
  /** Who may come in; `Site.admit` judges it before the handler runs. */
  who: Who
  /** One line for the reference page of routes. */
  summary?: string | undefined
  handler: (request: PageRequest) => Reply | Promise<Reply>
}
