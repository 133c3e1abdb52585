import type { PartialChunk, PartialMessage } from '@kw/agent';
import type { Connection } from './database.ts';
import { parseChunks, type SessionPlace } from './session-rows.ts';

/** Reads the message being written; what was read before is not read again. */
export interface PartialCache {
  read(connection: Connection, session: SessionPlace): PartialMessage | undefined;
}

interface Known {
  readonly generation: number;
  readonly lastId: number;
  readonly chunks: readonly PartialChunk[];
}

const maxSessions = 512;

/** Makes a cache for the messages of the sessions that were read last. */
export function createPartialCache(): PartialCache {
  const known = new Map<number, Known>();
  return {
    read: (connection, { key, generation }) => {
      const before = known.get(key);
      const start: Known = before?.generation === generation ? before : { generation, lastId: 0, chunks: [] };
      const rows = connection.statement('SELECT id, chunks FROM partials WHERE session = ? AND id > ? ORDER BY id').all(key, start.lastId);
      if (rows.length === 0 && before === start) return { generation, chunks: start.chunks };
      const fresh = rows.flatMap((row) => parseChunks(String(row['chunks'])));
      const chunks = fresh.length === 0 ? start.chunks : joined(start.chunks, fresh);
      known.delete(key);
      if (chunks.length === 0) return undefined;
      known.set(key, { generation, lastId: Number(rows.at(-1)?.['id'] ?? start.lastId), chunks });
      if (known.size > maxSessions) for (const oldest of known.keys()) if (known.size > maxSessions) known.delete(oldest);
      return { generation, chunks };
    },
  };
}

// Neighbours of one kind become one chunk: a long message stays a few chunks.
function joined(before: readonly PartialChunk[], fresh: readonly PartialChunk[]): readonly PartialChunk[] {
  const chunks = [...before];
  for (const chunk of fresh) {
    const last = chunks.at(-1);
    if (last !== undefined && last.kind !== 'progress' && last.kind === chunk.kind) {
      chunks[chunks.length - 1] = { kind: last.kind, text: last.text + chunk.text };
    } else {
      chunks.push(chunk);
    }
  }
  return chunks;
}
