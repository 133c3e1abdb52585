import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const app = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const workspace = resolve(app, '../..');
const built = join(app, 'dist/main.js');
const pollMs = 50;

let found: Promise<string> | undefined;

/**
 * The built command: main.js of a copy of dist, far from any node_modules. It is built first where a source is newer,
 * once in a test run; `KW_TEST_CLI` names another one.
 */
export function builtCommand(): Promise<string> {
  found ??= process.env['KW_TEST_CLI'] === undefined ? oneCopy() : Promise.resolve(process.env['KW_TEST_CLI']);
  return found;
}

/** The forks of one run share a copy: the first makes it, the others wait for it. */
async function oneCopy(): Promise<string> {
  const folder = join(tmpdir(), `kw-built-${process.ppid}-${await startOf(process.ppid)}`);
  const main = join(folder, 'dist/main.js');
  const ready = join(folder, 'ready');
  const first = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (!first) {
    while (!existsSync(ready)) {
      await new Promise((done) => setTimeout(done, pollMs));
      if (!existsSync(folder)) throw new Error('the command could not be built; another test file says why');
    }
    return main;
  }
  try {
    await removeOld();
    if (await isStale())
      await promisify(execFile)(process.execPath, [join(workspace, 'node_modules/tsup/dist/cli-default.js')], { cwd: app });
    await cp(join(app, 'dist'), join(folder, 'dist'), { recursive: true });
    await cp(join(app, 'bin'), join(folder, 'bin'), { recursive: true });
    await cp(join(app, 'package.json'), join(folder, 'package.json'));
    await writeFile(ready, '');
    return main;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function isStale(): Promise<boolean> {
  const at = await stat(built).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const folders = await Promise.all(
    ['packages', 'apps'].map((name) =>
      readdir(join(workspace, name)).then((names) => names.map((one) => join(workspace, name, one, 'src'))),
    ),
  );
  for (const folder of folders.flat().filter((path) => existsSync(path))) {
    for (const file of await readdir(folder, { recursive: true })) {
      if ((await stat(join(folder, file))).mtimeMs > at) return true;
    }
  }
  return false;
}

/** Copies of runs that are over. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^kw-built-(\d+)-\d*$/.exec(name)?.[1]);
    if (Number.isNaN(pid) || pid === process.ppid || isAlive(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** When a process started, in the system's own count: a number that was given again is told apart. Empty where that is not known. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The Node that runs the command: this one, or the one that `KW_TEST_NODE` names. */
export const commandNode: string = process.env['KW_TEST_NODE'] ?? process.execPath;

/** A new empty folder below the system's temporary one. */
export function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'kw-cli-test-'));
}
