import type { OutputRef } from '@kw/agent';
import type { Runtime } from '@kw/runtime';
import type { ReplMessages } from '../../messages/repl.ts';
import type { Fold, Folds } from '../../render/folds.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';

/** What is unfolded, and where. */
export interface ShowOptions {
  readonly folds: Folds;
  readonly session: string | undefined;
  readonly outputs: Runtime['outputs'];
  readonly style: Style;
  readonly messages: ReplMessages;
  /** Lines that are shown unless all are wished for. */
  readonly rows: number;
}

/** Lines of the whole that are ever shown at once. */
const maxLines = 5_000;

/** The whole of what was folded: the latest of all, `thinking`, or output `N`; `N all` and `N /TEXT` for long ones. */
export async function unfold(wish: string, { folds, messages, style, ...options }: ShowOptions): Promise<string> {
  const [, number, mode = ''] = /^#?(\d+)(?: (all|\/.+))?$/.exec(wish) ?? [];
  const named = number === undefined ? undefined : (`output:${Number(number)}` as const);
  const fold: Fold | undefined =
    named !== undefined
      ? { type: 'output', ref: named, command: folds.commandOf(named) ?? '' }
      : folds.latest(wish === 'thinking' ? 'thinking' : undefined);
  if (fold === undefined) return style.dim(messages.nothingFolded);
  if (fold.type === 'thinking') return `${style.dim(`✻ ${messages.thoughts}`)}\n${style.dim(indent(fold.text))}`;
  return output(fold.ref, { command: fold.command, mode, messages, style, ...options });
}

async function output(
  ref: OutputRef,
  {
    command,
    mode,
    session,
    outputs,
    style,
    messages,
    rows,
  }: Omit<ShowOptions, 'folds'> & { readonly command: string; readonly mode: string },
): Promise<string> {
  const reader = session === undefined ? undefined : outputs.reader(session);
  const info = await reader?.info(ref);
  if (reader === undefined || info === undefined) return style.dim(messages.noOutput(ref));
  const wanted = mode.startsWith('/') ? mode.slice(1) : undefined;
  const limit = mode === '' ? Math.max(10, rows - 6) : maxLines;
  const lines: string[] = [];
  let more = 0;
  for await (const { number, text } of reader.lines(ref)) {
    if (wanted !== undefined && !text.includes(wanted)) continue;
    if (lines.length < limit) lines.push(wanted === undefined ? safeText(text) : `${style.dim(`${number}:`)} ${safeText(text)}`);
    else if (wanted === undefined) {
      more = info.lines - lines.length;
      break;
    } else more += 1;
  }
  const number = ref.slice('output:'.length);
  return [
    style.dim(`#${number}${command === '' ? '' : ` ${command}`}`),
    ...lines.map((line) => `  ${line}`),
    ...(more > 0 ? [style.dim(`  ${messages.moreLines(more, mode === 'all' ? `show ${number} /TEXT` : `show ${number} all`)}`)] : []),
  ].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
