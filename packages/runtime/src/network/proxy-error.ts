import { isKwError, KwError } from '@kw/providers';
import type { Proxy } from './proxy.ts';

type Language = 'en' | 'zh';

const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/;

/** Where the proxy refused or was not reached the error names it (KwError `proxy-failed`); what came from beyond it stays as it is. */
export function explainProxy(
  error: unknown,
  { proxy, target, language }: { readonly proxy: Proxy; readonly target: URL; readonly language: Language },
): unknown {
  if (isKwError(error)) return error;
  const causes = causesOf(error);
  const said = causes.at(-1)?.message ?? String(error);
  const refused = /Proxy response \((\d{3})\)|Proxy Authentication Required \((407)\)/.exec(said);
  if (refused !== null) return proxyRefused(proxy, target, { status: Number(refused[1] ?? refused[2]), language });
  const codes = causes.map((cause) => ('code' in cause ? String(cause.code) : '')).join(' ');
  return unreachable.test(codes) ? failed(proxy, target, { said, language, cause: error }) : error;
}

/** The error of a proxy that answered with a status of its own. */
export function proxyRefused(
  proxy: Proxy,
  target: URL,
  { status, language }: { readonly status: number; readonly language: Language },
): KwError {
  const said = language === 'zh' ? `代理返回 HTTP ${status}` : `it answered HTTP ${status}`;
  return failed(proxy, target, { said, status, language });
}

interface Said {
  readonly said: string;
  readonly language: Language;
  readonly status?: number;
  readonly cause?: unknown;
}

function failed({ shown, variable }: Proxy, { host, hostname }: URL, { said, language, status, cause }: Said): KwError {
  const message =
    language === 'zh'
      ? `无法通过代理 ${shown}（${variable}）连接 ${host}:${said};${status === 407 ? '请检查其中的用户名和密码' : `请检查代理，或将 ${hostname} 加入 NO_PROXY`}`
      : `no connection to ${host} through the proxy ${shown} (${variable}): ${said}; ${status === 407 ? 'check the user name and the password in it' : `check it, or name ${hostname} in NO_PROXY`}`;
  return new KwError('proxy-failed', message, { cause, details: { proxy: shown, variable, host, status } });
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let current = error; current instanceof Error && chain.length < 8;) {
    chain.push(current);
    current = current instanceof AggregateError && current.errors[0] instanceof Error ? current.errors[0] : current.cause;
  }
  return chain;
}
