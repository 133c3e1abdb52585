import { findProgram } from '@kw/tools';
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { RuntimeHost } from '../host.ts';

/** The kubectl that a run would use. */
export type KubectlFacts =
  | { readonly type: 'found'; readonly path: string; readonly version: string }
  | { readonly type: 'not-found' }
  | { readonly type: 'not-executable'; readonly path: string }
  | { readonly type: 'broken'; readonly path: string; readonly said: string };

const timeoutMs = 5_000;
const maxBytes = 256 * 1024;

/** Finds kubectl on PATH and asks it for its version. */
export async function kubectlFacts({ env }: RuntimeHost, signal: AbortSignal): Promise<KubectlFacts> {
  const path = await findProgram('kubectl', env['PATH'] ?? '');
  if (path === undefined) {
    const there = await present(
      (env['PATH'] ?? '')
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, 'kubectl')),
    );
    return there === undefined ? { type: 'not-found' } : { type: 'not-executable', path: there };
  }
  return new Promise((resolve) => {
    const options = {
      env: { PATH: env['PATH'] ?? '', HOME: '/nonexistent', KUBERC: 'off' },
      timeout: timeoutMs,
      maxBuffer: maxBytes,
      signal,
    };
    execFile(path, ['version', '--client', '--output=json'], { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const version = /"gitVersion":\s*"([^"]+)"/.exec(stdout)?.[1];
      if (version !== undefined) return resolve({ type: 'found', path, version });
      const said = (stderr.trim().split('\n', 1)[0] || error?.message || 'it printed no version').slice(0, 200);
      resolve({ type: 'broken', path, said: error?.killed === true ? `no answer within ${timeoutMs / 1000} s` : said });
    });
  });
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
