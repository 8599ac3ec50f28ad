import { configurationReference } from '../../src/config/reference.ts'
import { portalRoutes } from '../../src/inbound/portal/routes.ts'
import { metricsReference } from '../../src/outbound/metrics.ts'
import { auditEventsPage, errorsPage, refusalsPage } from './codes.ts'
import { code, table } from './markdown.ts'
import { operationsPage } from './operations.ts'
import { settingsPage } from './settings.ts'

/** Every page of `docs/reference/`, by its file name. Each is made from a table in the code. */
export const referencePages: Readonly<Record<string, () => string>> = {
  'audit-events.md': auditEventsPage,
  'configuration.md': configurationReference,
  'errors.md': errorsPage,
  'metrics.md': metricsReference,
  'operations.md': operationsPage,
  'refusals.md': refusalsPage,
  'routes.md': routesPage,
  'settings.md': settingsPage,
}

const ROUTES = `# Routes of the User Portal

Made from \`src/inbound/portal/routes.ts\`. Paths start from the virtual directory (\`portal.path\`). A page leads whoever may not
see it to the page where they are; the MFA Server judges again at each operation.
`

function routesPage(): string {
  const rows = portalRoutes.map(({ method, path, who, summary }) => [method, code(path), who, summary])
  return `${ROUTES}\n${table(['Method', 'Path', 'Who', 'What'], rows)}`
}
