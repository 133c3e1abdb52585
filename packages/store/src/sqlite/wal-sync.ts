import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is done with an open file. */
interface OpenFile {
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Brings what was committed to a database's -wal file onto the disk, without holding up the process. */
export interface WalSync {
  /** Resolves when all that was committed before the call outlives a loss of power; rejects with what the system says. */
  sync(): Promise<void>;
  /** Waits for what is under way and closes the file. */
  close(): Promise<void>;
}

/** Makes it; the file is opened at the first use. Whoever asks while the disk is busy shares the next turn with all others who do. */
export function createWalSync(database: string, open: (path: string, flags: string) => Promise<OpenFile> = openFile): WalSync {
  const path = `${database}-wal`;
  let file: Promise<OpenFile> | undefined;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const openOnce = async (): Promise<OpenFile> => {
    const handle = await open(path, 'r+'); // the engine keeps no locks on this file, so that closing it drops none
    await syncDirectory(dirname(path), open);
    return handle;
  };
  const turn = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined); // whoever asked for it has its failure
    running = next ?? running;
    next = undefined;
    file ??= openOnce();
    try {
      await (await file).datasync();
    } catch (error) {
      const broken = file;
      file = undefined;
      void broken.then((handle) => handle.close()).catch(() => undefined); // it could not be opened, or is of no use
      throw error;
    }
  };

  return {
    sync: () => {
      next ??= turn(running);
      return next;
    },
    close: async () => {
      await (next ?? running).catch(() => undefined);
      await file?.then((handle) => handle.close()).catch(() => undefined);
      file = undefined;
    },
  };
}

/** The name of a new file must be on the disk, too. Systems that have no such thing refuse it. */
async function syncDirectory(path: string, open: (path: string, flags: string) => Promise<OpenFile>): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch {
    // there it is kept with the file
  }
}
