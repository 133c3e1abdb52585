import type { FieldChange } from '@kw/agent';
import { displayWidth, wrapLines } from './display-width.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

/** How a change is shown. */
export interface FieldDiffOptions {
  readonly style: Style;
  readonly columns: number;
  /** Says how many lines are not shown. */
  readonly moreLines: (count: number) => string;
}

/** Lines of one value that are shown. */
const maxLines = 24;
/** Lines around a changed one. */
const contextLines = 2;

/** One field that would change, as lines of at most so many columns: `+` is new, `-` goes, `~` changes. Only a field's own line begins at the margin. */
export function renderFieldChange({ path, before, after }: FieldChange, options: FieldDiffOptions): readonly string[] {
  const name = safeText(path);
  const old = before === undefined ? undefined : linesOf(before);
  const now = after === undefined ? undefined : linesOf(after);
  const [mark, paint] = markOf(old, now, options.style);
  const short = shortOf(old, now, options.style);
  if (short !== undefined) {
    const line = `${paint(mark)} ${name}: ${short}`;
    if (displayWidth(line) <= options.columns) return [line];
  }
  const lines =
    old === undefined || now === undefined
      ? marked(mark, old ?? now ?? [])
      : old.length === 1 && now.length === 1
        ? [...marked('-', old), ...marked('+', now)]
        : compare(old, now);
  return [
    ...wrapLines(`${name}:`, options.columns - 2).map((part, index) => `${index === 0 ? paint(mark) : ' '} ${part}`),
    ...lines.slice(0, maxLines).flatMap((line) => painted(line, options)),
    ...(lines.length > maxLines ? [`  ${options.style.dim(options.moreLines(lines.length - maxLines))}`] : []),
  ];
}

type Paint = (text: string) => string;

function markOf(old: readonly string[] | undefined, now: readonly string[] | undefined, style: Style): readonly [string, Paint] {
  return old === undefined ? ['+', style.green] : now === undefined ? ['-', style.red] : ['~', style.yellow];
}

/** The change on the field's own line, where both sides are one line. */
function shortOf(old: readonly string[] | undefined, now: readonly string[] | undefined, style: Style): string | undefined {
  if ((old?.length ?? 1) !== 1 || (now?.length ?? 1) !== 1) return undefined;
  const [before] = old ?? [];
  const [after] = now ?? [];
  if (before === undefined) return style.green(after ?? '');
  return after === undefined ? style.red(before) : `${style.red(before)} → ${style.green(after)}`;
}

/** A marked line, wrapped behind its mark. */
function painted(line: string, { style, columns }: FieldDiffOptions): readonly string[] {
  const mark = line.slice(0, 2);
  const paint = mark === '- ' ? style.red : mark === '+ ' ? style.green : style.dim;
  return wrapLines(line.slice(2), columns - 4).map((part, index) => `  ${paint(`${index === 0 ? mark : '  '}${part}`)}`);
}

/** A value as lines: texts as they are, small values as JSON on one line, big ones as JSON on several. */
function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return safeText(value).replace(/\n$/, '').split('\n').map(cut);
  const short = JSON.stringify(value) ?? '';
  return (short.length <= 60 ? short : JSON.stringify(value, undefined, 2)).split('\n').map((line) => cut(safeText(line)));
}

function cut(line: string): string {
  return line.length > 200 ? `${line.slice(0, 120)} … ${line.slice(-60)}` : line;
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${mark} ${line}`);
}

/** What two texts differ in, with a little around it: what is alike at both ends is left out. */
function compare(old: readonly string[], now: readonly string[]): readonly string[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return [
    ...(start > contextLines ? ['  …'] : []),
    ...marked(' ', old.slice(Math.max(0, start - contextLines), start)),
    ...marked('-', old.slice(start, old.length - end)),
    ...marked('+', now.slice(start, now.length - end)),
    ...marked(' ', old.slice(old.length - end, old.length - end + contextLines)),
    ...(end > contextLines ? ['  …'] : []),
  ];
}
