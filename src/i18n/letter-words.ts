/** A heading, which is also the subject, and what happened. */
export type Told<Holes> = { heading(holes: Holes): string; happened(holes: Holes): string }
type OwnerHoles = { newNumber: string; left: string }
export type IncidentHoles = { who: string; username: string; method: string }

export const owner = (heading: string, happened: string): Told<OwnerHoles> => ({
  heading: () => heading,
  happened: ({ newNumber, left }) => happened.replace('{newNumber}', newNumber).replace('{left}', left),
})
