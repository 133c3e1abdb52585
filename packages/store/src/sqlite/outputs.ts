import type { OutputStore } from '@kw/agent';
import type { Access } from './access.ts';
import { readLines } from './output-lines.ts';
import { createOutput, deleteOutputs, findOutput } from './output-rows.ts';
import { createSink } from './output-sink.ts';

/** How much is kept on the disk, compressed. */
export interface OutputLimits {
  /** Of one output; beyond it the middle is dropped. Default 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Of a session; beyond it the oldest outputs are dropped. Default 512 MiB. */
  readonly maxSessionBytes?: number;
}

const mebibyte = 1_048_576;

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
