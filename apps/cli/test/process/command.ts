import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtCommand, commandNode, emptyFolder } from './built.ts';

/** How a process ended and what it left. */
export interface Ended {
  /** 128 + n after signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that was started. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when one of its streams holds the text, so many times; fails when it ends without it. */
  readonly shows: (text: string, times?: number) => Promise<void>;
}

/** How to start the command. */
export interface StartOptions {
  /** Beside PATH and HOME; a value of undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard input; nothing (`/dev/null`) where it is left out. */
  readonly input?: string | Uint8Array;
  /** True: standard input stays open after `input`. */
  readonly keepsInputOpen?: boolean;
  readonly cwd?: string;
}

/** A person's place: an empty home, and the command in it. */
export interface Place {
  readonly home: string;
  /** Folder for temporary files, empty at first. */
  readonly temporary: string;
  /** Environment of every process here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly start: (args: readonly string[], options?: StartOptions) => Promise<Started>;
  readonly run: (args: readonly string[], options?: StartOptions) => Promise<Ended>;
  /** Starts another program with the environment of this place. */
  readonly program: (file: string, args: readonly string[], options?: StartOptions) => Started;
  /** Ends what still runs and removes the home. */
  readonly remove: () => Promise<void>;
}

/** Makes a place with an empty home; nothing of the surroundings but PATH gets into it. */
export async function createPlace(env: Readonly<Record<string, string | undefined>> = {}): Promise<Place> {
  const home = await emptyFolder();
  const main = await builtCommand();
  const kubectl = dirname(process.env['KW_TEST_KUBECTL'] ?? '');
  const temporary = join(home, 'tmp');
  await mkdir(temporary);
  const own = { PATH: [kubectl, process.env['PATH']].join(':'), HOME: home, TMPDIR: temporary, USER: 'tester', ...env };
  const running = new Set<Started>();
  const program: Place['program'] = (file, args, options = {}) => {
    const started = startProcess(file, args, { ...options, env: { ...own, ...options.env } });
    running.add(started);
    return started;
  };
  const start: Place['start'] = async (args, options) => program(commandNode, [main, ...args], options);
  return {
    home,
    temporary,
    env: own,
    start,
    run: async (args, options) => (await start(args, options)).ended,
    program,
    remove: async () => {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ ended }) => ended));
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Starts any program with exactly this environment. */
export function startProcess(
  file: string,
  args: readonly string[],
  { env = {}, input, keepsInputOpen = false, cwd }: StartOptions,
): Started {
  const child = spawn(file, args, { cwd, env: withoutUndefined(env), stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const watch of watchers) watch();
    });
  }
  child.stdin?.on('error', () => undefined); // it may end without reading all
  if (input !== undefined && keepsInputOpen) child.stdin?.write(input);
  else if (input !== undefined) child.stdin?.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? 128 + (signals.get(signal ?? '') ?? 0), ...texts }));
  });
  const shows = (wanted: string, times = 1): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (![texts.stdout, texts.stderr].some((text) => text.split(wanted).length > times)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without showing ${JSON.stringify(wanted)}: ${JSON.stringify(texts)}`)));
    });
  return { child, ended, stdout: () => texts.stdout, stderr: () => texts.stderr, shows };
}

const signals = new Map([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGKILL', 9],
  ['SIGPIPE', 13],
  ['SIGTERM', 15],
]);

function withoutUndefined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
