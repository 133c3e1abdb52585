import type { CliHost } from '../host.ts';
import { loadMarkdown } from './answer-writer.ts';
import { safeText } from './safe-text.ts';
import { createStyle, takesColor } from './style.ts';

/** Shows an answer that was given before, without a line's end behind it: rendered on a terminal of so many columns, as it was written elsewhere. */
export async function pastAnswer({ stdout, env }: Pick<CliHost, 'stdout' | 'env'>): Promise<(text: string, columns: number) => string> {
  if (!stdout.isTTY || env['TERM'] === 'dumb') return (text) => safeText(text).trimEnd();
  const style = createStyle(takesColor(stdout, env));
  const { render } = await loadMarkdown();
  return (text, columns) => render(safeText(text), style, columns, true).done.trimEnd();
}
