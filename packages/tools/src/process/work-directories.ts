import type { KubeHost } from '@kw/kube';
import { rmdirSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
  /** Who this process is: the directories carry its name, and empty ones that dead processes left go. Without it they stay. */
  readonly owner?: Pick<KubeHost, 'process' | 'isAlive'>;
  /** How long an empty directory waits for the session's next command, in milliseconds; default 2 s. */
  readonly idleMs?: number;
}

const defaultIdleMs = 2_000;

interface Kept {
  readonly made: Promise<string>;
  path: string | undefined;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** Makes the directories of sessions as they are needed. An empty one goes soon after its last command; the next command of a run still finds it. */
export function createWorkDirectories({ parent, remove, owner, idleMs = defaultIdleMs }: WorkDirectoriesOptions): WorkDirectories {
  const kept = new Map<string, Kept>();
  const prefix = owner === undefined ? '' : `${owner.process.scope}-${owner.process.id}-${owner.process.start}-`;
  let callOff: (() => void) | undefined;
  let swept: Promise<void> | undefined;
  const endNow = (): void => {
    for (const { path } of kept.values()) {
      if (path === undefined) continue;
      if (remove) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
      else removeEmpty(path);
    }
  };
  const open = (): Kept => {
    callOff ??= atExit(endNow);
    if (owner !== undefined) swept ??= sweep(parent, owner);
    const entry: Kept = {
      made: mkdtemp(join(parent, `kubelet-wuhrai-${prefix}`)).catch(() => '/'),
      path: undefined,
      users: 0,
      idle: undefined,
    };
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
      clearTimeout(entry.idle);
      const path = await entry.made;
      return {
        path,
        leave: () => {
          entry.users -= 1;
          if (entry.users > 0) return;
          entry.idle = setTimeout(() => {
            if (entry.path === undefined || removeEmpty(entry.path)) kept.delete(session);
          }, idleMs).unref();
        },
      };
    },
    close: async () => {
      callOff?.();
      callOff = undefined;
      const entries = [...kept.values()];
      kept.clear();
      await swept;
      await Promise.all(
        entries.map(async ({ made, idle }) => {
          clearTimeout(idle);
          const path = await made;
          if (path === '/') return;
          if (remove) await rm(path, { recursive: true, force: true, maxRetries: 3 });
          else removeEmpty(path);
        }),
      );
    },
  };
}

/** Removes the empty directories that processes left which were killed. */
async function sweep(parent: string, { process, isAlive }: Pick<KubeHost, 'process' | 'isAlive'>): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, scope, id, start] = /^kubelet-wuhrai-([0-9a-f]+)-(\d+)-(\d+)-\w{6}$/.exec(name) ?? [];
    if (scope !== process.scope || id === undefined || start === undefined) continue;
    if (!isAlive({ scope, id: Number(id), start })) removeEmpty(join(parent, name));
  }
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
