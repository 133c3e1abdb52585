import { statSync } from 'node:fs';

/** Tells whether files are still those that were opened. */
export interface FileIdentity {
  /** The first file that was deleted, moved or replaced since; undefined where all are in their places. */
  missing(): string | undefined;
}

/** Remembers the files of a database that was just opened; one that is not there is not missed later. */
export function rememberFiles(path: string): FileIdentity {
  const known = [path, `${path}-wal`, `${path}-shm`].map((file) => ({ file, was: idOf(file) })).filter(({ was }) => was !== gone);
  return {
    missing: () =>
      known.find(({ file, was }) => {
        const is = idOf(file);
        return was !== undefined && is !== undefined && is !== was;
      })?.file,
  };
}

const gone = 'gone';

/** Device and number of a file: while it is open, no other has the same. Undefined where the system does not tell. */
function idOf(file: string): string | undefined {
  try {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? gone : `${stats.dev}:${stats.ino}`;
  } catch {
    return undefined; // what is wrong there is told by the engine
  }
}
