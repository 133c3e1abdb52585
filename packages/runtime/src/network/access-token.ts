import { KwError } from '@kw/providers';
import { execFile } from 'node:child_process';
import type { Variables } from './proxy.ts';

const timeoutMs = 20_000;
const maxBytes = 64 * 1024;

/** Runs a vendor's own tool that prints a short-lived key. Throws KwError `api-key-not-found` that says what to do. */
export function accessTokenOf([program = '', ...args]: readonly string[], env: Variables): Promise<string> {
  return new Promise((resolve, reject) => {
    // The tool's own login is in the home directory and in variables of its own, so it gets the whole environment but the models' keys.
    const options = { env: withoutKeys(env), timeout: timeoutMs, maxBuffer: maxBytes, encoding: 'utf8' as const };
    execFile(program, args, options, (error, stdout, stderr) => {
      const token = stdout.trim();
      if (error === null && token !== '') return resolve(token);
      const line = [program, ...args].join(' ');
      const said =
        error !== null && error.code === 'ENOENT'
          ? `${program} is not installed`
          : firstLine(stderr) || (error?.message ?? 'it printed nothing');
      reject(
        new KwError(
          'api-key-not-found',
          `API key not found: \`${line}\` gave no access token (${said}); log in with ${program}, or set the variable of the key`,
        ),
      );
    });
  });
}

function firstLine(text: string): string {
  return (text.trim().split('\n', 1)[0] ?? '').slice(0, 200);
}

function withoutKeys(env: Variables): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/_API_KEY$|^AWS_BEARER_TOKEN_BEDROCK$/.test(name));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
