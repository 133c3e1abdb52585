import type { OutputInfo, OutputSink } from '../output-store.ts';
import { estimateTokens } from '../prompt/estimate.ts';
import type { RedactionStream, Redactor } from '../redact/redactor.ts';
import { longLine } from './long-line.ts';
import { type Sha256, sha256 as portableSha256 } from './sha256.ts';
import { looksDescribed, shapeDescribe } from './shape-describe.ts';
import { shapeJson } from './shape-json.ts';
import { outputView } from './view.ts';
import type { RenderedView } from './view.ts';
import { cutMiddle, visible } from './visible.ts';

/** An output being taken in. */
export interface OutputCapture {
  /** Takes a piece in; resolves when it is kept. */
  write(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Ends it; the same answer when called again. */
  close(): Promise<CapturedOutput>;
}

/** What became of an output. */
export interface CapturedOutput {
  /** What the model is shown; within the budget. Its last line says what was cut and how to see it. */
  readonly content: string;
  /** Undefined where the output is not kept. */
  readonly info?: OutputInfo;
  /** Of the redacted output in UTF-8, hex. */
  readonly sha256: string;
  /** Of the redacted output in UTF-8. */
  readonly bytes: number;
}

/** Where an output goes and how much of it the model may see. */
export interface CaptureOptions {
  readonly sink: OutputSink | undefined;
  readonly redactor: Redactor;
  readonly budgetTokens: number;
  /** Makes the digest of the whole; default a portable one. */
  readonly sha256?: () => Sha256;
}

type StreamName = 'stdout' | 'stderr';

/** A line that is not complete waits for its end up to this length, so that the two streams do not mix inside lines. */
const maxWaitingUnits = 65_536;
/** A single document that is held to be shaped as a whole. */
const maxDocumentUnits = 400_000;
/** Left for the last line. */
const lastLineTokens = 90;

/** Takes in one output: the redacted whole goes to the sink, a view within the budget to the model. Holds less than 2 MiB. */
export function captureOutput({ sink, redactor, budgetTokens, sha256 = portableSha256 }: CaptureOptions): OutputCapture {
  const redactions = new Map<StreamName, RedactionStream>();
  const waiting = new Map<StreamName, string>();
  const encoder = new TextEncoder();
  const digest = sha256();
  const view = outputView(budgetTokens);
  const line = longLine();
  let bytes = 0;
  let document: string | undefined = '';
  /** The stream whose line was passed on without its end. */
  let open: StreamName | undefined;
  let closed: Promise<CapturedOutput> | undefined;

  const redactionOf = (stream: StreamName): RedactionStream => {
    const known = redactions.get(stream) ?? redactor.stream();
    redactions.set(stream, known);
    return known;
  };
  const pass = async (text: string): Promise<void> => {
    if (text === '') return;
    const encoded = encoder.encode(text);
    bytes += encoded.length;
    digest.update(encoded);
    if (document !== undefined)
      document =
        document.length + text.length > maxDocumentUnits || !mayBeShaped(document + text.slice(0, 64)) ? undefined : document + text;
    let from = 0;
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
      line.add(text.slice(from, newline > from && text[newline - 1] === '\r' ? newline - 1 : newline));
      const { text: shown, units } = line.take();
      view.line(shown, units);
      from = newline + 1;
    }
    line.add(text.slice(from));
    await sink?.write(text);
  };
  /** Passes complete lines on, and of a very long one what there is. */
  const take = async (stream: StreamName, text: string, all: boolean): Promise<void> => {
    const held = (waiting.get(stream) ?? '') + text;
    const complete = all || held.length > maxWaitingUnits ? held.length : held.lastIndexOf('\n') + 1;
    waiting.set(stream, held.slice(complete));
    if (complete === 0) return;
    const ready = held.slice(0, complete);
    const broken = open !== undefined && open !== stream;
    open = ready.endsWith('\n') ? undefined : stream;
    await pass(broken ? `\n${ready}` : ready);
  };
  const finish = async (): Promise<CapturedOutput> => {
    for (const stream of ['stdout', 'stderr'] as const) {
      const redaction = redactions.get(stream);
      if (redaction !== undefined) await take(stream, redaction.end(), true);
    }
    if (line.units() > 0) {
      const { text, units } = line.take();
      view.line(text, units);
    }
    const info = await sink?.close();
    return {
      content: contentOf({ view, document, budgetTokens, info, bytes }),
      ...(info === undefined ? {} : { info }),
      sha256: digest.hex(),
      bytes,
    };
  };

  return {
    write: async (stream, text) => take(stream, redactionOf(stream).write(text), false),
    close: () => (closed ??= finish()),
  };
}

function mayBeShaped(begin: string): boolean {
  return /^\s*[{[]/.test(begin) || looksDescribed(begin) || 'Name:'.startsWith(begin.slice(0, 5));
}

interface Rendering {
  readonly view: ReturnType<typeof outputView>;
  readonly document: string | undefined;
  readonly budgetTokens: number;
  readonly info: OutputInfo | undefined;
  readonly bytes: number;
}

function contentOf({ view, document, budgetTokens, info, bytes }: Rendering): string {
  const room = Math.max(0, budgetTokens - lastLineTokens);
  const rendered = view.render(budgetTokens);
  if (rendered.cut === undefined && rendered.noise.length === 0) return rendered.text;
  if (rendered.cut === undefined && estimateTokens(rendered.text) <= room)
    return `${rendered.text}\n${lastLine(rendered, { info, bytes, how: 'whole' })}`;
  const shaped = document === undefined ? undefined : (shapeDescribe(document, room) ?? shapeJson(document, room));
  if (shaped !== undefined) return `${visible(shaped)}\n${lastLine(rendered, { info, bytes, how: 'shortened' })}`;
  for (let tokens = room; tokens >= 40; tokens = Math.floor(tokens * 0.85)) {
    const cut = view.render(tokens);
    const content = `${cut.text}\n${lastLine(cut, { info, bytes, how: 'lines' })}`;
    if (estimateTokens(content) <= budgetTokens) return content;
  }
  return cutMiddle(lastLine(rendered, { info, bytes, how: 'lines' }), Math.max(20, budgetTokens * 2));
}

interface LastLine {
  readonly info: OutputInfo | undefined;
  readonly bytes: number;
  readonly how: 'whole' | 'shortened' | 'lines';
}

function lastLine({ lines, cut, noise }: RenderedView, { info, bytes, how }: LastLine): string {
  const size = `${info === undefined ? '' : `${info.ref}, `}${count(lines)} ${lines === 1 ? 'line' : 'lines'}, ${sizeOf(bytes)}`;
  const left = noise.length === 0 ? '' : `; left out: ${noise.join(', ')}`;
  const shown =
    how === 'whole' ? '' : how === 'shortened' || cut === undefined ? '; shown: a shortened form' : `; shown: ${shownOf(lines, cut)}`;
  const dropped =
    info?.dropped === undefined ? '' : `; lines ${count(info.dropped.fromLine)}-${count(info.dropped.toLine)} are kept only where unusual`;
  const more =
    info === undefined ? '; not kept, ask for less' : how === 'whole' ? '' : `; see more: read_output({"ref":"${info.ref}","grep":"..."})`;
  return `[${size}${shown}${left}${dropped}${more}]`;
}

function shownOf(lines: number, { head, notable, tailFrom }: NonNullable<RenderedView['cut']>): string {
  const parts = [
    head === 0 ? '' : head === 1 ? 'line 1' : `lines 1-${count(head)}`,
    notable === 0 ? '' : `${count(notable)} unusual`,
    tailFrom > lines ? '' : `lines ${count(tailFrom)}-${count(lines)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function sizeOf(bytes: number): string {
  if (bytes < 10_000) return `${count(bytes)} B`;
  if (bytes < 10_000_000) return `${count(Math.round(bytes / 1000))} kB`;
  return `${count(Math.round(bytes / 1_000_000))} MB`;
}
