/** Values by name, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The first of these variables that is set: neither absent nor blank. */
export function firstSet(names: readonly string[], variables: Variables): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? setText(variables[name]) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A value that is set, trimmed; undefined where it is blank. */
export function setText(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}
