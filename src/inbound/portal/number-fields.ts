import { field, selectField } from '../web/design/fields.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { countryOptions } from './countries.ts'

export type NumberView = { country: string; number: string; complaint?: string | undefined }

/** Country and number of a phone, wherever one is asked for. What was typed stays, whatever is wrong with it. */
export function numberFields({ t, language }: Frame, { country, number, complaint }: NumberView): readonly Html[] {
  return [
    selectField(t, {
      name: 'country',
      label: t('phone.country'),
      value: country,
      options: countryOptions(language),
      autocomplete: 'country',
      width: 'medium',
    }),
    field(t, {
      name: 'number',
      label: t('phone.number'),
      value: number,
      autocomplete: 'tel-national',
      inputmode: 'tel',
      maxLength: 64,
      width: 'medium',
      complaint,
      autofocus: true,
    }),
  ]
}
