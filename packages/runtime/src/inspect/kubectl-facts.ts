import { findProgram } from '@kw/tools';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import process from 'node:process';
import type { RuntimeHost } from '../host.ts';

/** The kubectl that a run would use. */
export type KubectlFacts =
  | { readonly type: 'found'; readonly path: string; readonly version: string }
  | { readonly type: 'not-found' }
  | { readonly type: 'not-executable'; readonly path: string }
  | { readonly type: 'broken'; readonly path: string; readonly said: string };

const timeoutMs = 5_000;
const maxCharacters = 64 * 1024;
/** How long what the program started may keep its output open after its end. */
const drainMs = 500;

/** Finds kubectl on PATH and asks it for its version; whatever it started has ended then. */
export async function kubectlFacts({ env }: RuntimeHost, signal: AbortSignal): Promise<KubectlFacts> {
  const searched = env['PATH'] ?? '';
  const path = await findProgram('kubectl', searched);
  if (path === undefined) {
    const folders = searched.split(delimiter).filter(isAbsolute);
    const there = await present(folders.map((folder) => join(folder, 'kubectl')));
    return there === undefined ? { type: 'not-found' } : { type: 'not-executable', path: there };
  }
  const { output, error } = await run(
    path,
    ['version', '--client', '--output=json'],
    { PATH: searched, HOME: '/nonexistent', KUBERC: 'off' },
    signal,
  );
  const version = /"gitVersion":\s*"([^"]+)"/.exec(output)?.[1];
  if (version !== undefined) return { type: 'found', path, version };
  const said = error ?? (output.trim().split('\n', 1)[0] || 'it printed no version');
  return { type: 'broken', path, said: said.slice(0, 200) };
}

interface Ran {
  /** Both streams. */
  readonly output: string;
  /** Why it did not run to its end. */
  readonly error?: string;
}

/** Runs a program that only prints; its group is killed at the time limit, and where something of it outlives it. */
function run(path: string, args: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(path, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = (ran: Ran): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      killGroup(child);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ran);
    };
    const timer = setTimeout(() => end({ output, error: `no answer within ${timeoutMs / 1000} s` }), timeoutMs);
    const onAbort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
      end({ output });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (output.length < maxCharacters) output += text;
      });
    }
    child.once('error', (error) => end({ output, error: error.message }));
    child.once('exit', () => setTimeout(() => end({ output }), drainMs));
    child.once('close', () => end({ output }));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // the group is gone
  }
}

async function present(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.F_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
