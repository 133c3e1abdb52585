import type { OutputReader, OutputRef, OutputSink, OutputStore } from '@kw/agent';
import { isKwError } from '@kw/agent';

/** What stands in while the disk can not be written. */
export interface FallbackOptions {
  readonly memory: OutputStore;
  /** Told once. */
  readonly warn: (reason: string) => void;
}

/** So much of an output is held, in UTF-16 units, so that nothing of it is lost where the disk fails under it. */
const maxHeld = 512 * 1024;
const lost = '[the disk failed here: a part of this output is lost]\n';

/** Outputs on the disk; where it fails (full, read-only), those of this process are kept in its memory, under the same refs. */
export function withFallback(disk: OutputStore, { memory, warn }: FallbackOptions): OutputStore {
  const moved = new Map<string, OutputRef>();
  let warned = false;
  const keyOf = (session: string, ref: OutputRef): string => `${session}\n${ref}`;
  const move = async (session: string, ref: OutputRef, error: unknown): Promise<OutputSink> => {
    if (!isKwError(error) || error.code !== 'store-unavailable') throw error;
    if (!warned) warn(error.message);
    warned = true;
    const sink = await memory.write(session);
    moved.set(keyOf(session, ref), sink.ref);
    return sink;
  };
  return {
    write: async (session) => {
      const sink = await disk.write(session);
      return steadySink(sink, (error) => move(session, sink.ref, error));
    },
    reader: (session) => {
      const [onDisk, inMemory] = [disk.reader(session), memory.reader(session)];
      const place = (ref: OutputRef): { readonly reader: OutputReader; readonly ref: OutputRef } => {
        const other = moved.get(keyOf(session, ref));
        return other === undefined ? { reader: onDisk, ref } : { reader: inMemory, ref: other };
      };
      return {
        info: async (ref) => {
          const at = place(ref);
          const info = await at.reader.info(at.ref);
          return info === undefined ? undefined : { ...info, ref };
        },
        lines: (ref, options) => {
          const at = place(ref);
          return at.reader.lines(at.ref, options);
        },
      };
    },
    delete: async (session) => {
      for (const key of moved.keys()) if (key.startsWith(`${session}\n`)) moved.delete(key);
      await memory.delete(session);
      await disk.delete(session);
    },
  };
}

/** A sink that goes on elsewhere when its own fails; what it held is written again. */
function steadySink(first: OutputSink, move: (error: unknown) => Promise<OutputSink>): OutputSink {
  let sink = first;
  let held: string[] | undefined = [];
  let size = 0;
  const elsewhere = async (error: unknown): Promise<void> => {
    if (sink !== first) throw error;
    sink = await move(error);
    for (const text of held ?? [lost]) await sink.write(text);
    held = undefined;
  };
  return {
    ref: first.ref,
    write: async (text) => {
      size += text.length;
      if (size > maxHeld) held = undefined;
      try {
        await sink.write(text);
        held?.push(text);
      } catch (error) {
        await elsewhere(error);
        await sink.write(text);
      }
    },
    close: async () => {
      try {
        return { ...(await sink.close()), ref: first.ref };
      } catch (error) {
        await elsewhere(error);
        return { ...(await sink.close()), ref: first.ref };
      }
    },
  };
}
