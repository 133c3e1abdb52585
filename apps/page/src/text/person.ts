/** The name in `issuer#name`; the whole where there is no issuer. */
export function shortName(person: string): string {
  return person.slice(person.lastIndexOf('#') + 1);
}
