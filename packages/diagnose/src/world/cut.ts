import { createRedactor } from '@kw/agent';

/** So much of a text is looked at; the rest of a longer one is never shown. */
const maxLookedAt = 16_384;

/** The beginning of a text of the cluster, up to the end of a word: half of a secret is none that could still be recognised. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max);
  return ownCopy(head.slice(0, Math.max(0, head.lastIndexOf(' '), head.lastIndexOf('\n'))));
}

/**
 * A text of the cluster on one line of at most so many characters; what is cut shows. What stands on several lines, or has no end of a word where it
 * is cut, is rid of its secrets before: whoever hides them later would not know them any more.
 */
export function cutLine(text: string, max: number): string {
  const shown = text.includes('\n') ? hideSecrets(text) : text.slice(0, maxLookedAt);
  const line = shown.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= max) return text.length > maxLookedAt ? `${line}…` : line;
  const at = line.lastIndexOf(' ', max);
  return `${ownCopy(at >= max / 2 ? line.slice(0, at) : hideSecrets(line).slice(0, max))}…`;
}

/** The beginning of a text, at most 16 Ki, without the secrets that show by their shape. */
export function hideSecrets(text: string): string {
  return createRedactor().text(text.slice(0, maxLookedAt));
}

/** A part of a text holds on to all of it. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
