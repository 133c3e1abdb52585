import { rmSync } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeError } from '../errors.ts';
import type { KubeHost, ProcessIdentity } from '../host.ts';
import { quote, reasonOf } from '../text.ts';

/** Directories of other machines or containers can't be asked for their owner; they go after this time. */
const foreignLeftoverMs = 7 * 24 * 60 * 60 * 1000;

/** A private directory of one open target. */
export interface TargetDirectory {
  readonly path: string;
  /** Writes a new file that only this user may read. */
  write(name: string, text: string): Promise<string>;
  /** Removes it with all that is in it; may be called twice. */
  remove(): Promise<void>;
}

/** Makes a fresh directory (0700) below one that belongs to this user alone, after removing what dead processes left there. */
export async function createTargetDirectory(host: KubeHost): Promise<TargetDirectory> {
  const parent = join(host.temporaryDirectory, `kw-targets-${host.userId ?? 'user'}`);
  const path = join(parent, nameFor(host.process, host.randomHex(8)));
  try {
    await preparePrivateParent(host, parent);
    await sweep(host, parent);
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof KubeError) throw error;
    throw new KubeError(
      'target-directory',
      `No private directory can be made below ${quote(parent, 200)}: ${reasonOf(error)}. Set TMPDIR to a folder that may be written.`,
      {
        cause: error,
      },
    );
  }
  const callOff = host.onExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write: async (name, text) => {
      const file = await open(join(path, name), 'wx', 0o600);
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
      return join(path, name);
    },
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      callOff();
    },
  };
}

// Others may write to the temporary directory, so what stands there already is looked at before it is trusted.
async function preparePrivateParent(host: KubeHost, parent: string): Promise<void> {
  await mkdir(parent, { mode: 0o700, recursive: true });
  const stat = await lstat(parent);
  const mine = stat.isDirectory() && (host.userId === undefined || stat.uid === host.userId);
  if (!mine) {
    throw new KubeError(
      'target-directory',
      `${quote(parent, 200)} is not a directory of this user, so no credentials are put there: remove it, or set TMPDIR.`,
    );
  }
  if ((stat.mode & 0o077) !== 0) await chmod(parent, 0o700);
}

async function sweep(host: KubeHost, parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = ownerOf(name);
    if (owner === undefined) continue;
    const isLeft = owner.scope === host.process.scope ? !host.isAlive(owner) : await isOld(host, join(parent, name));
    if (isLeft) await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

async function isOld(host: KubeHost, path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat !== undefined && host.now() - stat.mtimeMs > foreignLeftoverMs;
}

function nameFor(owner: ProcessIdentity, random: string): string {
  return `${owner.scope}-${owner.id}-${owner.start}-${random}`;
}

function ownerOf(name: string): ProcessIdentity | undefined {
  const [, scope, id, start] = /^([0-9a-f]+)-(\d+)-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
  return scope === undefined || id === undefined || start === undefined ? undefined : { scope, id: Number(id), start };
}
