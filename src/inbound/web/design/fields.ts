import type { Translate } from '../../../i18n/catalogue.ts'
import { attributes, type Html, html, type Piece } from '../html.ts'

export type FieldView = {
  name: string
  label: string
  value?: string | undefined
  /** How to answer, between label and input. */
  hint?: string | undefined
  /** What is wrong and what to do. Secrets are not sent back: leave `value` out. */
  complaint?: string | undefined
  optional?: boolean
  type?: 'text' | 'email' | 'tel' | 'url' | 'search'
  autocomplete?: string
  inputmode?: 'numeric' | 'tel' | 'email' | 'url' | 'search'
  maxLength?: number
  /** The size of the answer. */
  width?: 'full' | 'medium' | 'short'
  autofocus?: boolean
  disabled?: boolean
  /** To be read and sent along, not to be changed. */
  readOnly?: boolean
  /** User names, codes: no capitals, no spelling. */
  verbatim?: boolean
}

export function field(t: Translate, view: FieldView): Html {
  const { name, type = 'text', value, autocomplete, inputmode, maxLength, width = 'full', readOnly, verbatim } = view
  const input = attributes({
    ...common(view),
    name,
    type,
    value: value || undefined,
    autocomplete,
    inputmode,
    maxlength: maxLength,
    class: width === 'full' ? undefined : width,
    readonly: readOnly ?? false,
    autocapitalize: verbatim && 'none',
    spellcheck: verbatim && 'false',
  })
  return framed(t, view, html`<input${input}>`)
}

export type CodeFieldView = Pick<FieldView, 'name' | 'label' | 'hint' | 'complaint' | 'value' | 'autofocus'> & {
  /** Characters expected; the input takes more, for pasted spaces and dashes. */
  length: number
  /** false: a code with letters, such as a recovery code. */
  numeric?: boolean
  /** For a code that a phone may fill in by itself: 'one-time-code' (default). */
  autocomplete?: string
}

/** One input for a whole code, large and spaced out. */
export function codeField(t: Translate, view: CodeFieldView): Html {
  const { name, value, length, numeric = true, autocomplete = 'one-time-code' } = view
  const input = attributes({
    ...common(view),
    name,
    type: 'text',
    class: 'code',
    value: value || undefined,
    inputmode: numeric ? 'numeric' : undefined,
    autocomplete,
    autocapitalize: numeric ? 'none' : 'characters',
    spellcheck: 'false',
    maxlength: length * 2 + 4,
    'data-code': true,
  })
  return framed(t, view, html`<input${input}>`)
}

export type PasswordFieldView = Pick<
  FieldView,
  'name' | 'label' | 'hint' | 'complaint' | 'autofocus' | 'disabled' | 'optional'
> & {
  autocomplete: 'current-password' | 'new-password' | 'one-time-code' | 'off'
  /** true: a PIN, with the number pad. */
  numeric?: boolean
  maxLength?: number
  width?: 'full' | 'medium' | 'short'
}

/** A password or PIN that can be shown. The button appears only with script. */
export function passwordField(t: Translate, view: PasswordFieldView): Html {
  const { name, label, autocomplete, numeric, maxLength, width = 'full', disabled } = view
  const input = attributes({
    ...common(view),
    name,
    type: 'password',
    autocomplete,
    inputmode: numeric ? 'numeric' : undefined,
    maxlength: maxLength,
    spellcheck: 'false',
  })
  const words = attributes({
    'data-shows': name,
    'data-show': t('field.show'),
    'data-hide': t('field.hide'),
    'data-show-what': t('field.show-what', { label }),
    'data-hide-what': t('field.hide-what', { label }),
    'aria-label': t('field.show-what', { label }),
    disabled,
  })
  return framed(
    t,
    view,
    html`<div class="peek${width !== 'full' && ` ${width}`}"><input${input}><button type="button" class="peek-button" hidden${words}>${t('field.show')}</button></div>`,
  )
}

export type Option = { value: string; label: string }
export type SelectFieldView = Pick<
  FieldView,
  'name' | 'label' | 'hint' | 'complaint' | 'value' | 'width' | 'autocomplete' | 'disabled' | 'optional'
> & {
  options: readonly Option[]
  /** The first, empty line: "Choose a question". */
  placeholder?: string
}

export function selectField(t: Translate, view: SelectFieldView): Html {
  const { name, value, options, placeholder, width = 'full', autocomplete } = view
  const select = attributes({ ...common(view), name, autocomplete, class: width === 'full' ? undefined : width })
  const lines = options.map(
    (option) =>
      html`<option${attributes({ value: option.value, selected: option.value === value })}>${option.label}</option>`,
  )
  return framed(
    t,
    view,
    html`<select${select}>${placeholder && html`<option value="">${placeholder}</option>`}${lines}</select>`,
  )
}

export type ChoiceView = {
  name: string
  legend: string
  /** When the heading already asks the same. */
  legendHidden?: boolean
  options: readonly (Option & { hint?: string | undefined; disabled?: boolean })[]
  value?: string | undefined
  hint?: string | undefined
  complaint?: string | undefined
}

/** One of several, as cards. The id of the first is the field's name, for the error summary's link. */
export function choice(t: Translate, view: ChoiceView): Html {
  const { name, legend, legendHidden, options, value, hint, complaint } = view
  const cards = options.map((option, i) => {
    const id = i === 0 ? name : `${name}-${i + 1}`
    const radio = attributes({
      id,
      type: 'radio',
      name,
      value: option.value,
      checked: option.value === value,
      disabled: option.disabled,
      'aria-describedby': option.hint ? `${id}-about` : undefined,
    })
    return html`<div class="option"><input${radio}><label for="${id}">${option.label}</label>${option.hint && html`<p id="${id}-about">${option.hint}</p>`}</div>`
  })
  return html`<fieldset${attributes({ class: complaint ? 'choice bad' : 'choice', 'aria-describedby': described({ name, hint, complaint }) })}><legend${attributes({ class: legendHidden ? 'vh' : undefined })}>${legend}</legend>${notes(t, { name, hint, complaint })}${cards}</fieldset>`
}

export type CheckboxView = {
  name: string
  label: string
  hint?: string
  checked?: boolean
  disabled?: boolean
  complaint?: string | undefined
}

export function checkbox(t: Translate, { name, label, hint, checked, disabled, complaint }: CheckboxView): Html {
  const input = attributes({
    ...common({ name, hint, complaint, disabled: disabled ?? false }),
    type: 'checkbox',
    name,
    value: 'yes',
    checked,
  })
  return html`<div class="check${complaint && ' bad'}">${complaint && complaintLine(t, name, complaint)}<input${input}><label for="${name}">${label}</label>${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}</div>`
}

/** Fields that belong on one line, such as a number and its extension. */
export function fieldRow(fields: readonly Piece[]): Html {
  return html`<div class="field-row">${fields}</div>`
}

type Notes = { name: string; hint?: string | undefined; complaint?: string | undefined }

function framed(t: Translate, view: Notes & { label: string; optional?: boolean }, input: Html): Html {
  const { name, label, optional, complaint } = view
  return html`<div class="field${complaint && ' bad'}"><label for="${name}">${label}${optional && html` <span class="optional">${t('field.optional')}</span>`}</label>${notes(t, view)}${input}</div>`
}

function notes(t: Translate, { name, hint, complaint }: Notes): Html {
  return html`${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${complaint && complaintLine(t, name, complaint)}`
}

function complaintLine(t: Translate, name: string, complaint: string): Html {
  return html`<p class="complaint" id="${name}-complaint"><span class="vh">${t('frame.error')} </span><span>${complaint}</span></p>`
}

function common(view: Notes & { autofocus?: boolean; disabled?: boolean; optional?: boolean }) {
  const { name, autofocus, disabled, complaint } = view
  return {
    id: name,
    autofocus: autofocus ?? false,
    disabled: disabled ?? false,
    'aria-describedby': described(view),
    'aria-invalid': complaint ? 'true' : undefined,
  }
}

function described({ name, hint, complaint }: Notes): string | undefined {
  return [hint && `${name}-hint`, complaint && `${name}-complaint`].filter(Boolean).join(' ') || undefined
}
