import type { Letter } from '../../../core/delivery/letter.ts'

/** The mail as text alone, for whoever reads it so, and for every reader that trusts no markup. */
export function textPart({ company, heading, paragraphs, facts, advice, link, footer }: Letter): string {
  const blocks = [
    company,
    heading,
    ...paragraphs,
    facts.map(({ term, value }) => `${term}: ${value}`).join('\n'),
    ...advice,
    link ? `${link.text}:\n${link.href}` : '',
  ]
  // RFC 3676 section 4.3: what follows "-- " is a signature, and shown as such.
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n\n-- \n${footer}\n`
}

/** The same words, with no colour of its own but a line in the organisation's: so it is read in light and in dark. */
export function htmlPart(letter: Letter): string {
  const { language, direction, company, accent, subject, heading, paragraphs, facts, advice, link, footer } = letter
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escaped(text)}</p>`
  const row = ({ term, value }: Letter['facts'][number]) =>
    `<tr><th scope="row" style="padding:4px 16px 4px 0;text-align:start;vertical-align:top">${escaped(term)}</th>` +
    `<td style="padding:4px 0;overflow-wrap:anywhere">${escaped(value)}</td></tr>`
  return [
    `<!doctype html>\n<html lang="${escaped(language)}" dir="${direction}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,sans-serif">',
    '<div style="max-width:36em;margin:0 auto">',
    `<p style="margin:0 0 24px;padding-top:12px;border-top:4px solid ${colour(accent)}"><strong>${escaped(company)}</strong></p>`,
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escaped(heading)}</h1>`,
    ...paragraphs.map(paragraph),
    ...(facts.length > 0
      ? [`<table style="margin:0 0 16px;border-spacing:0">${facts.map(row).join('\n')}</table>`]
      : []),
    ...advice.map(paragraph),
    ...(link ? [`<p style="margin:0 0 16px"><a href="${escaped(link.href)}">${escaped(link.text)}</a></p>`] : []),
    `<p style="margin:24px 0 0;font-size:14px">${escaped(footer)}</p>`,
    '</div></body></html>\n',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function colour(accent: string): string {
  return /^#[0-9a-f]{6}$/i.test(accent) ? accent : 'currentColor'
}
