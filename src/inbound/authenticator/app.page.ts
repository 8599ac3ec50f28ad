import { languages } from '../../i18n/catalogue.ts'
import { grounds } from '../web/design/brand.ts'
import { doorPage } from '../web/design/layout.ts'
import { attributes, type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { drawnFor } from './drawn.ts'
import { appFiles } from './files.ts'

type AppView = { mobilePath: string; languageChosen: boolean }

/**
 * The one page of the app, in the look of the organisation and the language of the browser. What is on it the modules
 * write, in the language that the account has for the app unless another was chosen on this page; what they need to know of
 * the server stands on `main`.
 */
export function appPage(frame: Frame, { mobilePath, languageChosen }: AppView): Html {
  const { t, to, look } = frame
  const file = (name: string) => to(`/app/${appFiles.version}/${name}`)
  const { touchIcon } = drawnFor(look)
  const told = attributes({
    id: 'app',
    'data-company': look.company,
    'data-mobile': mobilePath,
    'data-worker': to('/worker.js'),
    'data-home': to('/'),
    'data-formats': JSON.stringify(Object.fromEntries(languages.map(({ code, formats }) => [code, formats]))),
    'data-chosen': languageChosen,
  })
  return doorPage(frame, {
    heading: t('authenticator.title'),
    body: html`<div${told}><noscript><p>${t('authenticator.no-script')}</p></noscript></div>`,
    head: html`<link rel="stylesheet" href="${file('authenticator.css')}">
<link rel="manifest" href="${to('/manifest.webmanifest')}">
<link rel="apple-touch-icon" href="${to(`/icons/${touchIcon.name}`)}">
<meta name="apple-mobile-web-app-capable" content="yes">
<meta name="apple-mobile-web-app-title" content="${look.company}">
<meta name="theme-color" content="${grounds.light[1]}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${grounds.dark[0]}" media="(prefers-color-scheme: dark)">
<script type="module" src="${file('app.js')}"></script>
`,
  })
}
