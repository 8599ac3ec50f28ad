/** A hardware token of the demo, with a button. */
export interface SimulatedToken {
  readonly owner: string
  readonly serial: string
  /** What its display shows since the last press; undefined before the first. */
  shown(): string | undefined
  press(): void
}
