import { lexer } from 'marked';
import type { Token } from 'marked';

/** Longer texts are shown as they were written: reading them again with each new piece would hold up the page. */
const maxUnits = 200_000;
const maxDepth = 40;
/** Markers of emphasis and brackets in one word without a space: what people write has few, and many cost the reader seconds. */
const crowdedWord = /(?:[^\s_*[\]!]{0,80}[_*[\]!]){400}/;
const deepQuote = new RegExp(`^[ \\t]{0,3}(?:>[ \\t]{0,3}){${maxDepth}}`, 'm');
const deepIndent = new RegExp(`^[ \\t]{${4 * maxDepth},}[-*+\\d]`, 'm');

/** Markdown as tokens. A text that would cost too much, or that cannot be read, is one plain token: whatever a model writes, the page stays. */
export function readMarkdown(text: string): readonly Token[] {
  if (text.length > maxUnits || deepQuote.test(text) || deepIndent.test(text) || crowdedWord.test(text)) return plain(text);
  try {
    return lexer(text);
  } catch {
    return plain(text); // nested deeper than it can follow
  }
}

function plain(text: string): readonly Token[] {
  return [{ type: 'code', raw: text, text }];
}
