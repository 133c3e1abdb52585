import type { OutputInfo, OutputRef, OutputSink, OutputStore } from '@kw/agent';
import type { Access } from './access.ts';
import { compress } from './compress.ts';
import { createLineChunker, type LineChunk } from './line-chunks.ts';
import { readLines } from './output-lines.ts';
import { addChunk, type Caps, closeOutput, createOutput, deleteOutputs, findOutput } from './output-rows.ts';

/** How much is kept on the disk, compressed. */
export interface OutputLimits {
  /** Of one output; beyond it the middle is dropped. Default 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Of a session; beyond it the oldest outputs are dropped. Default 512 MiB. */
  readonly maxSessionBytes?: number;
}

const mebibyte = 1_048_576;
const chunkUnits = 262_144; // so a sink holds at most 1 MiB, whatever it is fed

/** Outputs in one database file. */
export function createSqliteOutputs(access: Access, limits: OutputLimits = {}): OutputStore {
  const caps = { maxOutputBytes: limits.maxOutputBytes ?? 64 * mebibyte, maxSessionBytes: limits.maxSessionBytes ?? 512 * mebibyte };
  return {
    write: async (session) => {
      const { key, ref } = await access.write((connection) => createOutput(connection, session), { durable: false });
      return createSink(access, { session, key, ref }, caps);
    },
    reader: (session) => ({
      info: (ref) => access.read((connection) => findOutput(connection, session, ref)?.info),
      lines: (ref, options = {}) => readLines(access, { session, ref }, options),
    }),
    delete: (session) => access.write((connection) => deleteOutputs(connection, session), { durable: true }),
  };
}

function createSink(
  access: Access,
  { session, key, ref }: { readonly session: string; readonly key: number; readonly ref: OutputRef },
  caps: Caps,
): OutputSink {
  const chunker = createLineChunker(chunkUnits);
  let part = 0;
  let highSurrogate = '';
  let last: Promise<void> = Promise.resolve();
  let closing: Promise<OutputInfo> | undefined;

  const keep = async (chunk: LineChunk): Promise<void> => {
    const { firstLine, lastLine, cut, bytes } = chunk;
    const stored = { part: ++part, firstLine, lastLine, cut, bytes, data: await compress(chunk.text) };
    await access.write((connection) => addChunk(connection, key, stored, caps), { durable: false });
  };

  const keepAll = async (before: Promise<void>, chunks: readonly LineChunk[]): Promise<void> => {
    await before;
    for (const chunk of chunks) await keep(chunk);
  };

  const finish = async (): Promise<OutputInfo> => {
    await keepAll(last, [...chunker.push(highSurrogate), ...chunker.end()]);
    await access.write((connection) => closeOutput(connection, key, chunker), { durable: true });
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
