import type { OutputInfo, OutputReader, OutputRef, OutputSink, OutputStore } from '../output-store.ts';

/** Bounds of a memory output store. */
export interface MemoryOutputStoreOptions {
  readonly maxOutputBytes?: number;
  readonly maxSessionBytes?: number;
}

/** Keeps outputs in memory, for tests and for sessions that are not kept. */
export function memoryOutputStore(_options: MemoryOutputStoreOptions = {}): OutputStore {
  const sessions = new Map<string, string[]>();
  const of = (session: string): string[] => {
    const outputs = sessions.get(session) ?? [];
    sessions.set(session, outputs);
    return outputs;
  };
  const info = (ref: OutputRef, text: string): OutputInfo => ({
    ref,
    bytes: new TextEncoder().encode(text).length,
    lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
  });
  const textOf = (session: string, ref: OutputRef): string | undefined => of(session)[Number(ref.slice(7)) - 1];
  return {
    write: async (session): Promise<OutputSink> => {
      const outputs = of(session);
      const index = outputs.push('') - 1;
      const ref: OutputRef = `output:${index + 1}`;
      return {
        ref,
        write: async (text) => {
          outputs[index] = (outputs[index] ?? '') + text;
        },
        close: async () => info(ref, outputs[index] ?? ''),
      };
    },
    reader: (session): OutputReader => ({
      info: async (ref) => {
        const text = textOf(session, ref);
        return text === undefined ? undefined : info(ref, text);
      },
      lines: async function* (ref, { fromLine = 1 } = {}) {
        const lines = (textOf(session, ref) ?? '').replace(/\n$/, '').split('\n');
        for (const [index, text] of lines.entries()) if (index + 1 >= fromLine) yield { number: index + 1, text };
      },
    }),
    delete: async (session) => {
      sessions.delete(session);
    },
  };
}
