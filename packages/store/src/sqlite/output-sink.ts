import { lineNovelty, type OutputInfo, type OutputLine, type OutputRef, type OutputSink } from '@kw/agent';
import type { Access } from './access.ts';
import { compress, decompress } from './compress.ts';
import { createLineChunker, type LineChunk } from './line-chunks.ts';
import { writeNumbered } from './output-lines.ts';
import {
  boundSession,
  chunkKinds,
  dropChunk,
  findOutput,
  getChunk,
  insertChunk,
  keepOfDropped,
  setSizes,
  type StoredChunk,
} from './output-rows.ts';

/** How much may be kept, in compressed bytes. */
export interface Caps {
  readonly maxOutputBytes: number;
  readonly maxSessionBytes: number;
}

/** The output that a sink writes. */
export interface SinkPlace {
  readonly session: string;
  readonly key: number;
  readonly ref: OutputRef;
}

type Kept = Pick<StoredChunk, 'kind' | 'part' | 'cut'> & { readonly size: number };

const chunkUnits = 262_144; // so a sink holds at most 1 MiB, whatever it is fed
const novelChunkUnits = 65_536;
const headShare = 0.5;
const novelShare = 0.1;
const encoder = new TextEncoder();

/** Keeps the head, the tail, and of what is between the lines of kinds that were not seen before. */
export function createSink(access: Access, { session, key, ref }: SinkPlace, caps: Caps): OutputSink {
  const chunker = createLineChunker(chunkUnits);
  const novelty = lineNovelty();
  const tail: Kept[] = [];
  let novel: OutputLine[] = [];
  let novelUnits = 0;
  let novelParts = 0;
  let parts = 0;
  let headSize = 0;
  let novelSize = 0;
  let tailSize = 0;
  let written = 0; // bytes whose count is on the disk
  let inLine = false; // whether the first chunk of the tail begins inside a line
  let highSurrogate = '';
  let last: Promise<void> = Promise.resolve();
  let closing: Promise<OutputInfo> | undefined;

  const keep = async ({ text, firstLine, lastLine, cut, bytes }: LineChunk): Promise<void> => {
    const data = await compress(text);
    const head = tail.length === 0 && headSize + data.length <= caps.maxOutputBytes * headShare;
    const chunk: StoredChunk = { kind: head ? chunkKinds.head : chunkKinds.tail, part: ++parts, firstLine, lastLine, cut, bytes, data };
    if (head) {
      headSize += data.length;
      inLine = cut;
    } else {
      tail.push({ kind: chunk.kind, part: chunk.part, cut, size: data.length });
      tailSize += data.length;
    }
    const { bytes: allBytes, lines } = chunker;
    await access.write(
      (connection) => {
        insertChunk(connection, key, chunk);
        setSizes(connection, key, { bytes: allBytes, lines });
        boundSession(connection, session, { maxBytes: caps.maxSessionBytes, except: key });
      },
      { durable: false },
    );
    written = allBytes;
    while (headSize + novelSize + tailSize > caps.maxOutputBytes && tail.length > 0) await dropFirst();
  };

  const dropFirst = async (): Promise<void> => {
    const first = tail.shift();
    if (first === undefined) return;
    tailSize -= first.size;
    const chunk = await access.read((connection) => getChunk(connection, key, first));
    const room = novelSize < caps.maxOutputBytes * novelShare;
    const found = chunk === undefined || !room ? [] : novelLines(await decompress(chunk.data), chunk.firstLine);
    inLine = first.cut;
    novel.push(...found);
    const bytes = found.reduce((sum, { text }) => sum + encoder.encode(text).length + 1, 0);
    novelUnits += bytes;
    await access.write(
      (connection) => {
        dropChunk(connection, key, first);
        keepOfDropped(connection, key, bytes);
      },
      { durable: false },
    );
    if (novelUnits >= novelChunkUnits) await keepNovel();
  };

  // Whole lines only: neither the rest of one that began before nor one that goes on.
  const novelLines = (text: string, firstLine: number): readonly OutputLine[] => {
    const found: OutputLine[] = [];
    let number = firstLine;
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const isRest = from === 0 && inLine;
      if (!isRest && novelty.isNovel(text, from, end)) found.push({ number, text: text.slice(from, end) });
      number += 1;
      from = end + 1;
    }
    return found;
  };

  const keepNovel = async (): Promise<void> => {
    const [first] = novel;
    if (first === undefined) return;
    const text = writeNumbered(novel);
    const chunk: StoredChunk = {
      kind: chunkKinds.novel,
      part: ++novelParts,
      firstLine: first.number,
      lastLine: novel.at(-1)?.number ?? first.number,
      cut: false,
      bytes: novelUnits,
      data: await compress(text),
    };
    novelSize += chunk.data.length;
    novel = [];
    novelUnits = 0;
    await access.write((connection) => insertChunk(connection, key, chunk), { durable: false });
  };

  const keepAll = async (before: Promise<void>, chunks: readonly LineChunk[]): Promise<void> => {
    await before;
    for (const chunk of chunks) await keep(chunk);
  };

  const finish = async (): Promise<OutputInfo> => {
    await keepAll(last, [...chunker.push(highSurrogate), ...chunker.end()]);
    await keepNovel();
    if (written !== chunker.bytes) await access.write((connection) => setSizes(connection, key, chunker), { durable: false });
    const info = await access.read((connection) => findOutput(connection, session, ref)?.info);
    return info ?? { ref, bytes: chunker.bytes, lines: chunker.lines }; // deleted meanwhile
  };

  return {
    ref,
    write: (text) => {
      const all = highSurrogate + text;
      highSurrogate = /[\uD800-\uDBFF]$/.test(all) ? all.slice(-1) : '';
      last = keepAll(last, chunker.push(highSurrogate === '' ? all : all.slice(0, -1)));
      return last;
    },
    close: () => {
      closing ??= finish();
      return closing;
    },
  };
}
