import { createHash } from 'node:crypto'
import type { Frame } from '../web/http.ts'
import { drawnFor } from './drawn.ts'
import { appFiles, workerText } from './files.ts'

/**
 * The service worker's text: what the app is made of, and the code. It changes with any of its files, since their names do;
 * browsers then fetch what is new, and drop the rest.
 */
export function workerFor({ t, to, look }: Frame): string {
  const { icons, touchIcon } = drawnFor(look)
  const files = [
    to('/manifest.webmanifest'),
    ...[...look.assets.keys()].map((name) => to(`/assets/${name}`)),
    ...[...appFiles.files.keys()].map((name) => to(`/app/${appFiles.version}/${name}`)),
    ...[...icons.map(({ asset }) => asset), touchIcon].map(({ name }) => to(`/icons/${name}`)),
  ]
  const version = createHash('sha256')
    .update(JSON.stringify([workerText, files]))
    .digest('hex')
    .slice(0, 12)
  const shell = {
    version: `authenticator-${version}`,
    home: to('/'),
    files,
    icon: files.at(-1),
    title: look.company,
    body: t('authenticator.notification'),
  }
  return `const shell = ${JSON.stringify(shell)}\n\n${workerText}`
}
