import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A code block: what stands behind its fence, and its text without the indentation of the fence. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

/** What a page consists of, in its order. */
export interface Page {
  readonly path: string;
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly codes: readonly CodeBlock[];
  /** Headings, code blocks and table rows: what a translation has in common with its original. */
  readonly outline: readonly string[];
  /** Everything but code blocks. */
  readonly prose: string;
}

/** Reads a page of the repository. */
export function readPage(root: string, path: string): Page {
  return parsePage(path, readFileSync(join(root, path), 'utf8'));
}

/** The parts of a text in Markdown. */
export function parsePage(path: string, source: string): Page {
  const headings: { level: number; text: string }[] = [];
  const codes: CodeBlock[] = [];
  const outline: string[] = [];
  const prose: string[] = [];
  let open: { indent: string; language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of source.split('\n').entries()) {
    const fence = /^(\s*)```(\S*)/.exec(line);
    if (open !== undefined) {
      if (fence === null) {
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
        continue;
      }
      codes.push({ language: open.language, text: open.lines.join('\n'), line: open.line });
      open = undefined;
      continue;
    }
    if (fence !== null) {
      open = { indent: fence[1] ?? '', language: fence[2] ?? '', line: index + 1, lines: [] };
      outline.push(`code ${open.language}`);
      continue;
    }
    const heading = /^(#+) (.*)$/.exec(line);
    if (heading !== null) {
      headings.push({ level: heading[1]?.length ?? 0, text: heading[2] ?? '' });
      outline.push(`h${heading[1]?.length ?? 0}`);
    }
    if (line.startsWith('|')) outline.push(`row of ${line.replaceAll('\\|', '').split('|').length - 2}`);
    prose.push(line);
  }
  return { path, headings, codes, outline, prose: prose.join('\n') };
}

/** Texts in backticks. */
export function inlineCodes(prose: string): readonly string[] {
  return [...prose.matchAll(/(`+)(?<code>.+?)\1/g)].map(({ groups }) => (groups?.['code'] ?? '').trim());
}

/** Addresses of links and images, in their order. */
export function linksOf(prose: string): readonly string[] {
  const text = prose.replaceAll(/(`+).+?\1/g, 'code');
  return [...text.matchAll(/\]\((?<address>[^)\s]+)\)/g)].map(({ groups }) => groups?.['address'] ?? '');
}

/** The names under which GitHub shows the headings of a page. */
export function anchorsOf({ headings }: Page): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = headings.map(({ text }) => {
    const plain = text.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1').replaceAll('`', '');
    const slug = plain
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(anchors);
}
