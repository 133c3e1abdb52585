import type { ToolResultMessage } from '@kw/providers';
import { estimateTokens } from './estimate.ts';

const headShare = 0.6;
const shortUnits = 160;

/** A text within so many tokens: its middle is cut out, with a note. */
export function cutToTokens(text: string, maxTokens: number): string {
  const tokens = estimateTokens(text);
  if (tokens <= maxTokens) return text;
  for (let units = Math.floor((text.length * maxTokens) / tokens); units > 0; units = Math.floor(units * 0.85)) {
    const head = text.slice(0, Math.floor(units * headShare)).toWellFormed();
    const tail = text.slice(text.length - (units - head.length)).toWellFormed();
    const cut = `${head}\n[... ${(text.length - units).toLocaleString('en-US')} characters left out: too long for the model's window ...]\n${tail}`;
    if (estimateTokens(cut) <= maxTokens) return cut;
  }
  return `[${text.length.toLocaleString('en-US')} characters left out: too long for the model's window]`;
}

/** An old result as one line: which kept output it was, or how it began. */
export function shrinkResult(message: ToolResultMessage): ToolResultMessage {
  if (message.content.length <= shortUnits) return message;
  const ref = /\[(output:\d+)[,\]]/.exec(message.content.slice(-1000))?.[1];
  const begin = message.content
    .slice(0, shortUnits / 2)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .trim();
  const more = ref === undefined ? 'run it again if needed' : `read_output({"ref":"${ref}"}) shows it`;
  return { ...message, content: `${begin} [... earlier result, shortened; ${more}]` };
}
