import { safeRegex } from './safe-regex.ts';

/** Makes a test of lines: a text without signs is looked for as it is, anything else as an expression; case does not matter. */
export function lineSearch(grep: string): (line: string) => boolean {
  if (!/[\\^$.*+?()[\]{}|]/.test(grep)) {
    const wanted = grep.toLowerCase();
    return (line) => line.includes(grep) || line.toLowerCase().includes(wanted);
  }
  const regex = safeRegex(grep);
  // Signs in a model's search are often meant as they are: `[error]`, `a.b(c)`.
  return (line) => line.includes(grep) || regex.test(line);
}
