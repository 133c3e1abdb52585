import type { OutputReader, OutputStore } from '@kw/agent';

/** Tells whose outputs a reader reads: a running call knows its session by its reader. */
export interface KnownReaders {
  /** The same store; its readers are remembered as long as they are in use. */
  readonly watch: (outputs: OutputStore) => OutputStore;
  readonly sessionOf: (reader: OutputReader) => string | undefined;
}

/** Remembers the sessions of readers. */
export function rememberReaders(): KnownReaders {
  const sessions = new WeakMap<OutputReader, string>();
  return {
    watch: (outputs) => ({
      write: (session) => outputs.write(session),
      reader: (session) => {
        const reader = outputs.reader(session);
        sessions.set(reader, session);
        return reader;
      },
      delete: (session) => outputs.delete(session),
    }),
    sessionOf: (reader) => sessions.get(reader),
  };
}
