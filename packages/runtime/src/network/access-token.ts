import type { Preset } from '@kw/providers';
import { KwError } from '@kw/providers';
import { execFile } from 'node:child_process';
import type { Variables } from './proxy.ts';

const timeoutMs = 20_000;
const maxBytes = 64 * 1024;

/** Runs a vendor's own tool that prints a short-lived key. Throws KwError `api-key-not-found` that names the key's variables and the tool. */
export function accessTokenOf(
  { keyCommand = [], keyVariables, id }: Preset,
  env: Variables,
  language: 'en' | 'zh' = 'en',
): Promise<string> {
  const [program = '', ...args] = keyCommand;
  return new Promise((resolve, reject) => {
    // The tool's own login is in the home directory and in variables of its own, so it gets the whole environment but the models' keys.
    const options = { env: withoutKeys(env), timeout: timeoutMs, maxBuffer: maxBytes, encoding: 'utf8' as const };
    execFile(program, args, options, (error, stdout, stderr) => {
      const token = stdout.trim();
      if (error === null && token !== '') return resolve(token);
      const missing = error !== null && error.code === 'ENOENT';
      const said = firstLine(stderr) || (error?.message ?? '');
      const message = {
        en: `API key not found: set ${keyVariables.join(' or ')}, or log in with ${program}, which ${missing ? 'is not installed' : `says: ${said}`} (provider ${id})`,
        zh: `未找到 API key：请设置 ${keyVariables.join(' 或 ')}，或用 ${program} 登录${missing ? `（未安装 ${program}）` : `（${program}：${said}）`}（provider ${id}）`,
      }[language];
      reject(new KwError('api-key-not-found', message, { cause: error, details: { provider: id } }));
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
