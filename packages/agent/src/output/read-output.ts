import type { OutputInfo, OutputLine } from '../output-store.ts';
import { estimateTokens } from '../prompt/estimate.ts';
import type { Tool, ToolChunk, ToolContext, ToolInvocation } from '../tool.ts';
import { lineSearch } from './line-search.ts';
import { readValues } from './read-values.ts';
import type { ReadOutputArguments } from './read-output-arguments.ts';
import { parseReadOutput } from './read-output-arguments.ts';
import { cutMiddle, visible } from './visible.ts';

/** Bounds of the tool. */
export interface ReadOutputOptions {
  /** The most that one reading answers with, in tokens. Default 2,000. */
  readonly budgetTokens?: number;
}

const defaultBudgetTokens = 2000;
/** Left for the line that says how to go on. */
const lastLineTokens = 60;

/** The tool by which a model reads on in a kept output: by lines, or by a search in linear time. */
export function readOutputTool({ budgetTokens = defaultBudgetTokens }: ReadOutputOptions = {}): Tool {
  return {
    name: 'read_output',
    version: '2',
    title: 'Read a kept output',
    description:
      'Reads a kept tool output (ref output:N): lines from-to, at most max, the lines that match grep with context lines around, or of JSON the values at a path.',
    parameters: {
      type: 'object',
      properties: {
        ref: { type: 'string' },
        from: { type: 'integer' },
        to: { type: 'integer' },
        grep: { type: 'string', description: 'text or regex, any case' },
        path: { type: 'string', description: 'such as .items[].metadata.name; the rest: of its values' },
        context: { type: 'integer' },
        max: { type: 'integer' },
      },
      required: ['ref'],
    },
    prepare: (argumentsJson): ToolInvocation => {
      const wish = parseReadOutput(argumentsJson);
      const matches = wish.grep === undefined ? undefined : lineSearch(wish.grep);
      return {
        effect: 'read',
        traits: [],
        reasons: [`reads the kept ${wish.ref}`],
        summary: `read_output ${wish.ref}${wish.path === undefined ? '' : ` path ${JSON.stringify(wish.path.text)}`}${wish.grep === undefined ? '' : ` grep ${JSON.stringify(wish.grep)}`}${wish.to === undefined && wish.from === 1 ? '' : ` lines ${wish.from}-${wish.to ?? 'end'}`}`,
        subject: { verb: 'read', kinds: ['output'] },
        keepOutput: false,
        run: (context) => read(wish, matches, context, budgetTokens),
      };
    },
  };
}

async function* read(
  wish: ReadOutputArguments,
  matches: ((line: string) => boolean) | undefined,
  context: ToolContext,
  budgetTokens: number,
): AsyncIterable<ToolChunk> {
  const info = await context.outputs.info(wish.ref);
  if (info === undefined) {
    yield {
      type: 'result',
      isError: true,
      note: `${wish.ref} is not kept in this session; outputs are named in the last line of a cut result`,
    };
    return;
  }
  const page = newPage(wish, matches, budgetTokens);
  let before: OutputLine[] = [];
  let after = 0;
  let found = 0;
  let stopped: number | undefined;
  const values =
    wish.path === undefined
      ? undefined
      : await readValues(context.outputs, { ref: wish.ref, steps: wish.path.steps, signal: context.signal });
  const lines = values?.slice(wish.from - 1) ?? context.outputs.lines(wish.ref, { fromLine: wish.from, signal: context.signal });
  for await (const line of lines) {
    context.signal.throwIfAborted();
    if (wish.to !== undefined && line.number > wish.to) break;
    const hit = matches === undefined || matches(line.text);
    if (matches !== undefined && hit) found += 1;
    const around = hit ? [...before, line] : after > 0 ? [line] : [];
    after = hit ? wish.context : Math.max(0, after - 1);
    before = hit || wish.context === 0 || around.length > 0 ? [] : [...before, line].slice(-wish.context);
    stopped = around.find((shown) => !page.add(shown, shown === line && hit))?.number;
    if (stopped !== undefined) break;
  }
  yield {
    type: 'output',
    stream: 'stdout',
    text: `${page.text()}${lastLine({ wish, info, found, stopped, shown: page.shown(), values: values?.length })}\n`,
  };
  yield { type: 'result', isError: false };
}

interface Page {
  /** False where the line does not fit any more. */
  add(line: OutputLine, match: boolean): boolean;
  text(): string;
  shown(): number;
}

function newPage(
  { context, grep, max }: ReadOutputArguments,
  matches: ((line: string) => boolean) | undefined,
  budgetTokens: number,
): Page {
  const left = Math.max(40, budgetTokens - lastLineTokens);
  const maxLineUnits = Math.max(160, Math.floor(left * 1.5));
  let text = '';
  let tokens = 0;
  let shown = 0;
  let last = 0;
  return {
    add: (line, match) => {
      const gap = grep !== undefined && context > 0 && last !== 0 && line.number > last + 1 ? '--\n' : '';
      const row = `${gap}${line.number}${match || grep === undefined ? ':' : '-'} ${visible(excerpt(line.text, match ? matches : undefined, maxLineUnits))}\n`;
      const cost = estimateTokens(row);
      if (shown >= max || (shown > 0 && tokens + cost > left)) return false;
      text += row;
      tokens += cost;
      shown += 1;
      last = line.number;
      return true;
    },
    text: () => text,
    shown: () => shown,
  };
}

/** A line, or of a long one the part with the match. */
function excerpt(text: string, matches: ((line: string) => boolean) | undefined, maxUnits: number): string {
  if (text.length <= maxUnits || matches === undefined) return cutMiddle(text, maxUnits);
  const step = Math.floor(maxUnits / 2);
  for (let from = 0; from < text.length; from += step) {
    const part = text.slice(from, from + maxUnits);
    if (matches(part))
      return `${from === 0 ? '' : `[... ${count(from)} characters ...]`}${part}${from + maxUnits < text.length ? `[... ${count(text.length - from - maxUnits)} characters ...]` : ''}`;
  }
  return cutMiddle(text, maxUnits);
}

interface Reading {
  readonly wish: ReadOutputArguments;
  readonly info: OutputInfo;
  readonly found: number;
  /** The first line that did not fit. */
  readonly stopped: number | undefined;
  readonly shown: number;
  /** How many the path finds. */
  readonly values: number | undefined;
}

function lastLine({ wish, info, found, stopped, shown, values }: Reading): string {
  const path = wish.path === undefined ? '' : `,"path":${JSON.stringify(wish.path.text)}`;
  const search = wish.grep === undefined ? path : `${path},"grep":${JSON.stringify(wish.grep)}`;
  const unit = values === undefined ? 'lines' : 'values';
  const dropped =
    info.dropped === undefined ? '' : `; of lines ${count(info.dropped.fromLine)}-${count(info.dropped.toLine)} only unusual ones are kept`;
  const what =
    wish.grep === undefined ? `${count(shown)} ${unit}` : `${count(found)} matching ${unit}${stopped === undefined ? '' : ' so far'}`;
  const next =
    stopped === undefined
      ? ''
      : `; go on with read_output({"ref":"${wish.ref}","from":${stopped}${wish.to === undefined ? '' : `,"to":${wish.to}`}${search}})`;
  return `[${wish.ref}, ${count(values ?? info.lines)} ${unit}: ${what}${dropped}${next}]`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
