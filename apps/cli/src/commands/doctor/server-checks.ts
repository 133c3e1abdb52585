import { KwError } from '@kw/runtime';
import type { Models } from '@kw/runtime';
import { both } from '../../errors.ts';
import type { Check, Finding } from './check.ts';

/** How a service is asked. */
export interface ServerOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: Models['fetch'];
}

const requestMs = 10_000;

/** Checks a running service from outside: that it answers, lets us in, can answer questions, and shows its counters. */
export function serverChecks({ url, token, fetch }: ServerOptions): readonly Check[] {
  const base = toBase(url);
  const get = async (path: string, signal: AbortSignal): Promise<Response> =>
    fetch(`${base}${path}`, {
      method: 'GET',
      headers: { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      signal,
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new KwError('server-unreachable', `${base} does not answer: ${error instanceof Error ? error.message : String(error)}`, {
        details: { zh: `${base} 没有响应：${error instanceof Error ? error.message : String(error)}` },
      });
    });
  const check = (name: string, zh: string, run: Check['run']): Check => ({ name, title: { en: name, zh }, timeoutMs: requestMs, run });
  return [
    check('server', '服务', async (signal) => judgeHealth(base, await get('/api/v1/health', signal))),
    check('token', '令牌', async (signal) => judgeStatus(await get('/api/v1/status', signal), token !== undefined)),
    check('agent', '助手', async (signal) => judgeAgent(await get('/api/v1/status', signal))),
    check('contexts', 'context', async (signal) => judgeContexts(await get('/api/v1/contexts', signal))),
    check('metrics', '指标', async (signal) => judgeMetrics(await get('/metrics', signal))),
  ];
}

function toBase(url: string): string {
  const whole = url.includes('://') ? url : `http://${url}`;
  const parsed = URL.parse(whole);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new KwError('bad-usage', `--server=${url} is no address of a service, such as http://localhost:8888`);
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
}

async function judgeHealth(base: string, response: Response): Promise<Finding> {
  const body = await jsonOf(response);
  if (response.status === 421)
    return {
      status: 'fail',
      message: { en: `${base} is not called by this name`, zh: `${base} 不接受此主机名` },
      fix: { en: 'call it by localhost, or start it with --allowed-host', zh: '请使用 localhost，或在启动时加上 --allowed-host' },
    };
  if (body['status'] === 'draining') return { status: 'warn', message: { en: `${base} is being stopped`, zh: `${base} 正在停止` } };
  if (body['status'] !== 'healthy')
    return {
      status: 'fail',
      message: {
        en: `${base} is not this service: it answered HTTP ${response.status}`,
        zh: `${base} 不是本服务：返回 HTTP ${response.status}`,
      },
      fix: { en: 'check host and port of --server', zh: '请检查 --server 的主机和端口' },
    };
  return { status: 'ok', message: both(`${base} ${textOf(body['version'])}`) };
}

async function judgeStatus(response: Response, hasToken: boolean): Promise<Finding> {
  if (response.status === 401 || response.status === 403)
    return {
      status: 'fail',
      message: hasToken ? { en: 'the token is not accepted', zh: '令牌不被接受' } : { en: 'the service wants a token', zh: '服务需要令牌' },
      fix: {
        en: 'set KW_AUTH_TOKEN to the token that the service printed at its start, or that its KW_AUTH_TOKEN sets',
        zh: '请将 KW_AUTH_TOKEN 设为服务启动时显示的令牌，或服务端的 KW_AUTH_TOKEN',
      },
    };
  const body = await jsonOf(response);
  return { status: 'ok', message: { en: `accepted; up for ${textOf(body['uptime'])}`, zh: `已接受；已运行 ${textOf(body['uptime'])}` } };
}

async function judgeAgent(response: Response): Promise<Finding> {
  if (!response.ok) return skipped;
  const { agent, provider, model, tools, mcp_servers: servers } = await jsonOf(response);
  const named = `${textOf(provider)}, ${textOf(model)}`;
  if (agent !== 'ready')
    return {
      status: 'fail',
      message: { en: `not ready: ${textOf(agent)} (${named})`, zh: `未就绪：${textOf(agent)}（${named}）` },
      fix: { en: 'run doctor where the service runs', zh: '请在服务所在的主机上运行 doctor' },
    };
  const broken = Array.isArray(servers) ? servers.filter((one: unknown) => isRecord(one) && typeof one['error'] === 'string') : [];
  if (tools !== 'available' || broken.length > 0)
    return {
      status: 'warn',
      message: { en: `${named}; ${broken.length} MCP servers fail`, zh: `${named}；${broken.length} 个 MCP 服务器失败` },
    };
  return { status: 'ok', message: both(named) };
}

async function judgeContexts(response: Response): Promise<Finding> {
  if (response.status === 401 || response.status === 403) return skipped;
  const { contexts, error } = await jsonOf(response);
  const names = Array.isArray(contexts) ? contexts.flatMap((one: unknown) => (isRecord(one) ? [textOf(one['name'])] : [])) : [];
  if (names.length > 0) return { status: 'ok', message: both(names.join(', ')) };
  const said = isRecord(error) ? textOf(error['message']) : '';
  return { status: 'warn', message: { en: `the service knows no cluster ${said}`.trim(), zh: `服务没有可用的集群 ${said}`.trim() } };
}

async function judgeMetrics(response: Response): Promise<Finding> {
  if (response.status === 401) return { status: 'ok', message: { en: 'closed by --metrics-auth', zh: '已由 --metrics-auth 关闭' } };
  if (!response.ok) return { status: 'warn', message: { en: `HTTP ${response.status}`, zh: `HTTP ${response.status}` } };
  return { status: 'ok', message: both('/metrics') };
}

const skipped: Finding = { status: 'skipped', message: { en: 'not asked: no way in', zh: '未检查：无法进入' } };

async function jsonOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) ? body : {};
  } catch {
    return {}; // a page of something else
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}
