/** The limit of one request to a server where the file names none, in milliseconds. */
export const defaultMcpTimeoutMs = 60_000;

const units = new Map([
  ['ms', 1],
  ['', 1_000],
  ['s', 1_000],
  ['m', 60_000],
]);
const longestMs = 3_600_000;

/** Reads `30`, `30s`, `500ms`, `2m`; undefined for anything else, and for nothing and for more than an hour. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,9}(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim()) ?? [];
  const ms = Math.round(Number(number) * (units.get(unit ?? '') ?? Number.NaN));
  return ms >= 1 && ms <= longestMs ? ms : undefined;
}

/** Replaces `${NAME}` and `${NAME:-default}`; `onMissing` is told of names that are not set, which become empty. */
export function expandVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  onMissing: (name: string) => void,
): string {
  return text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    const value = env[name];
    if (value !== undefined && (value !== '' || fallback === undefined)) return value;
    if (fallback !== undefined) return fallback;
    onMissing(name);
    return '';
  });
}
