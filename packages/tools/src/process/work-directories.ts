import { rmdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

/** A directory that a command runs in. */
export interface EnteredDirectory {
  readonly path: string;
  /** Says that the command is over. */
  leave(): void;
}

/** The directories that the commands of sessions run in. */
export interface WorkDirectories {
  /** The directory of a session, made when it is needed: `kubelet-wuhrai-*` below the parent, for this user alone. `/` where none can be made. */
  enter(session: string): Promise<EnteredDirectory>;
  /** Removes what is to be removed; empty directories always are. */
  close(): Promise<void>;
}

/** Where work directories are made and whether they stay. */
export interface WorkDirectoriesOptions {
  /** An absolute path, such as that of TMPDIR. */
  readonly parent: string;
  /** True: nothing stays, also where this process exits without `close`. Otherwise directories with files in them do. */
  readonly remove: boolean;
}

interface Kept {
  readonly made: Promise<string>;
  path: string | undefined;
  users: number;
}

/** Makes the directories of sessions as they are needed. A directory that is empty when its last command is over goes at once. */
export function createWorkDirectories({ parent, remove }: WorkDirectoriesOptions): WorkDirectories {
  const kept = new Map<string, Kept>();
  let callOff: (() => void) | undefined;
  const endNow = (): void => {
    for (const { path } of kept.values()) {
      if (path === undefined) continue;
      if (remove) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
      else removeEmpty(path);
    }
  };
  const open = (): Kept => {
    callOff ??= atExit(endNow);
    const entry: Kept = { made: mkdtemp(join(parent, 'kubelet-wuhrai-')).catch(() => '/'), path: undefined, users: 0 };
    void entry.made.then((path) => {
      entry.path = path === '/' ? undefined : path;
    });
    return entry;
  };
  return {
    enter: async (session) => {
      const entry = kept.get(session) ?? open();
      kept.set(session, entry);
      entry.users += 1;
      const path = await entry.made;
      return {
        path,
        leave: () => {
          entry.users -= 1;
          if (entry.users === 0 && (entry.path === undefined || removeEmpty(entry.path))) kept.delete(session);
        },
      };
    },
    close: async () => {
      callOff?.();
      callOff = undefined;
      const entries = [...kept.values()];
      kept.clear();
      await Promise.all(
        entries.map(async ({ made }) => {
          const path = await made;
          if (path === '/') return;
          if (remove) await rm(path, { recursive: true, force: true, maxRetries: 3 });
          else removeEmpty(path);
        }),
      );
    },
  };
}

/** True where the directory is gone. */
function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
