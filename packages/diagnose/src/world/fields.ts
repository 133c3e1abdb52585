/** A JSON object of the API. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path such as `spec.template.spec`; names that hold dots (labels, annotations) can't be reached this way. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  let start = 0;
  for (let end = path.indexOf('.'); ; end = path.indexOf('.', start)) {
    if (!isFields(at)) return undefined;
    at = at[end === -1 ? path.slice(start) : path.slice(start, end)];
    if (end === -1) return at;
    start = end + 1;
  }
}

/** The text at a path; empty where there is none. */
export function textAt(value: unknown, path: string): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}

/** The number at a path. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = valueAt(value, path);
  return typeof found === 'number' ? found : undefined;
}

/** True where `true` stands at a path. */
export function isTrueAt(value: unknown, path: string): boolean {
  return valueAt(value, path) === true;
}

/** The object at a path; empty where there is none. */
export function fieldsAt(value: unknown, path: string): Fields {
  const found = valueAt(value, path);
  return isFields(found) ? found : {};
}

/** The objects of the list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly Fields[] {
  const found: unknown = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** The texts of the list at a path; empty where there is none. */
export function textsAt(value: unknown, path: string): readonly string[] {
  const found: unknown = valueAt(value, path);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

/** The members with texts of the object at a path, such as labels. */
export function labelsAt(value: unknown, path: string): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsAt(value, path));
  return Object.fromEntries(entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])));
}

/** The time at a path in milliseconds since 1970. */
export function timeAt(value: unknown, path: string): number | undefined {
  const time = Date.parse(textAt(value, path));
  return Number.isNaN(time) ? undefined : time;
}

/** The condition of a type in `status.conditions`; undefined where there is none. */
export function conditionOf(value: unknown, type: string): Fields | undefined {
  return listAt(value, 'status.conditions').find((condition) => condition['type'] === type);
}
