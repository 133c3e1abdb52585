import { KwError } from '@kw/providers';
import type { OutputInfo, OutputLine, OutputReader, OutputRef, OutputSink, OutputStore } from '../output-store.ts';
import { lineNovelty } from './template.ts';

/** Bounds of a memory output store, in UTF-16 units. */
export interface MemoryOutputStoreOptions {
  /** Default 16 Mi an output. */
  readonly maxOutputUnits?: number;
  /** Default 64 Mi a session. */
  readonly maxSessionUnits?: number;
}

interface KeptOutput {
  readonly ref: OutputRef;
  write(text: string): void;
  close(): void;
  info(): OutputInfo;
  lines(fromLine: number): Iterable<OutputLine>;
  units(): number;
}

const defaultOutputUnits = 16 * 1024 * 1024;
const defaultSessionUnits = 64 * 1024 * 1024;
const novelShare = 0.1;
/** With less than this left, a session is full. */
const minUnits = 1024;

/** Keeps outputs in memory, for tests and for sessions that are not kept: head and tail, and novel lines of what is between. */
export function memoryOutputStore({
  maxOutputUnits = defaultOutputUnits,
  maxSessionUnits = defaultSessionUnits,
}: MemoryOutputStoreOptions = {}): OutputStore {
  const sessions = new Map<string, KeptOutput[]>();
  return {
    write: async (session): Promise<OutputSink> => {
      const outputs = sessions.get(session) ?? [];
      sessions.set(session, outputs);
      const used = outputs.reduce((sum, output) => sum + output.units(), 0);
      const left = maxSessionUnits - used;
      if (left < minUnits)
        throw new KwError('output-full', `the session's kept outputs have reached ${maxSessionUnits} characters; this output is not kept`);
      const output = keptOutput(`output:${outputs.length + 1}`, Math.min(maxOutputUnits, left));
      outputs.push(output);
      return {
        ref: output.ref,
        write: async (text) => output.write(text),
        close: async () => {
          output.close();
          return output.info();
        },
      };
    },
    reader: (session): OutputReader => {
      const find = (ref: OutputRef): KeptOutput | undefined => sessions.get(session)?.find((output) => output.ref === ref);
      return {
        info: async (ref) => find(ref)?.info(),
        lines: async function* (ref, { fromLine = 1, signal } = {}) {
          for (const line of find(ref)?.lines(fromLine) ?? []) {
            signal?.throwIfAborted();
            yield line;
          }
        },
      };
    },
    delete: async (session) => {
      sessions.delete(session);
    },
  };
}

function keptOutput(ref: OutputRef, maxUnits: number): KeptOutput {
  const encoder = new TextEncoder();
  const headUnits = maxUnits / 2;
  const tailUnits = maxUnits * (0.5 - novelShare);
  const novelty = lineNovelty();
  const head: string[] = [];
  const novel: OutputLine[] = [];
  let tail: OutputLine[] = [];
  let first = 0;
  let headSize = 0;
  let novelSize = 0;
  let tailSize = 0;
  let bytes = 0;
  let droppedBytes = 0;
  let droppedTo = 0;
  let lines = 0;
  let pending = '';
  let pendingCut = false;

  const drop = (): void => {
    const line = tail[first];
    if (line === undefined) return;
    first += 1;
    tailSize -= line.text.length + 1;
    droppedTo = line.number;
    if (novelSize + line.text.length < maxUnits * novelShare && novelty.isNovel(line.text)) {
      novel.push(line);
      novelSize += line.text.length + 1;
    } else {
      droppedBytes += encoder.encode(line.text).length + 1;
    }
    if (first > 10_000) {
      tail = tail.slice(first);
      first = 0;
    }
  };
  const addLine = (text: string): void => {
    lines += 1;
    if (tail.length === 0 && headSize + text.length < headUnits) {
      head.push(text);
      headSize += text.length + 1;
      return;
    }
    tail.push({ number: lines, text });
    tailSize += text.length + 1;
    while (tailSize > tailUnits && first < tail.length - 1) drop();
  };
  /** A line that is longer than all that may be kept loses its end. */
  const append = (text: string): void => {
    const room = Math.floor(tailUnits) - pending.length;
    if (text.length > room && !pendingCut) pendingCut = true;
    pending += text.slice(0, Math.max(0, room));
  };

  return {
    ref,
    write: (text) => {
      bytes += encoder.encode(text).length;
      let from = 0;
      for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
        append(text.slice(from, newline));
        addLine(pending);
        pending = '';
        pendingCut = false;
        from = newline + 1;
      }
      append(text.slice(from));
    },
    close: () => {
      if (pending !== '') addLine(pending);
      pending = '';
    },
    info: () => ({
      ref,
      bytes,
      lines,
      ...(droppedTo === 0 ? {} : { dropped: { fromLine: head.length + 1, toLine: droppedTo, bytes: droppedBytes } }),
    }),
    lines: function* (fromLine) {
      for (let index = Math.max(0, fromLine - 1); index < head.length; index += 1) yield { number: index + 1, text: head[index] ?? '' };
      for (const line of novel) if (line.number >= fromLine) yield line;
      for (let index = first; index < tail.length; index += 1) {
        const line = tail[index];
        if (line !== undefined && line.number >= fromLine) yield line;
      }
    },
    units: () => headSize + novelSize + tailSize,
  };
}
