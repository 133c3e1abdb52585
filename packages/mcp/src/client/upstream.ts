import type { JsonObject } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { raceAbort } from '../race-abort.ts';
import { textOf, wordsOf } from '../json.ts';
import type { TrustRecord, TrustStore } from '../trust/trust.ts';
import { judgeServer, judgeTools, recordOf, trustKey } from '../trust/trust.ts';
import type { UpstreamAuth, UpstreamConfig, UpstreamTransport } from './config.ts';
import { placeOf } from './config.ts';
import type { Connection, ConnectionOptions, RequestOptions } from './connection.ts';
import { connect } from './connection.ts';
import { authHeaders } from './auth-headers.ts';
import { childEnvironment } from './environment.ts';
import { failureKind, mayBeOlder, upstreamError } from './failure.ts';
import type { Fetch, HttpOptions } from './http-transport.ts';
import { httpTransport } from './http-transport.ts';
import type { ListKind } from './list-all.ts';
import { listAll } from './list-all.ts';
import { isWanted } from './matches.ts';
import type { SignIn } from './oauth.ts';
import { changedText, firstUseText, lastLine } from './notices.ts';
import type { Spawn, StdioTransport } from './stdio-transport.ts';
import { stdioTransport } from './stdio-transport.ts';

/** What all upstreams of a manager share. */
export interface UpstreamPorts {
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** What we can do for servers, as it is told to them. Asked for at each connection. */
  readonly capabilities: () => JsonObject;
  /** Our environment, of which started servers get an allowlisted part. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where started servers run. */
  readonly cwd: string;
  readonly trust: TrustStore;
  readonly fetch: Fetch;
  readonly spawn?: Spawn;
  /** Keeps and renews the sign-in at a server. */
  readonly oauth?: (config: UpstreamConfig, auth: Extract<UpstreamAuth, { type: 'oauth' }>) => SignIn;
  /** Answers what a server asks of us. */
  readonly answer: (server: string, method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;
  readonly onNotification: (server: string, method: string, params: JsonObject) => void;
  /** Something of this server is not what it was. */
  readonly onChange: (server: string, what: 'status' | 'tools') => void;
  /** A line for people. */
  readonly notice: (text: string) => void;
}

/** Where a server stands. */
export interface UpstreamStatus {
  readonly name: string;
  readonly transport: 'stdio' | 'http';
  /** The command line or the address. */
  readonly place: string;
  readonly state: 'off' | 'idle' | 'connecting' | 'ready' | 'failed' | 'disabled';
  readonly description?: string;
  /** Name and version as the server tells them. */
  readonly server?: string;
  readonly tools: readonly string[];
  /** Tools that are disabled because they are not what was approved. */
  readonly changedTools: readonly string[];
  readonly error?: string;
}

/** One server, connected when it is needed and healed when it broke. */
export interface Upstream {
  readonly config: UpstreamConfig;
  status(): UpstreamStatus;
  /** Connects where that is not done; throws KwError `mcp-failed` or `mcp-disabled`. */
  connected(signal?: AbortSignal): Promise<Connection>;
  /** Asks the server; a broken connection is made anew first, and a lost session once more. Throws what the server answered, or KwError `mcp-failed`. */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonObject>;
  /** All pages of a list; an empty one where the server has no such thing. */
  list(kind: ListKind, signal?: AbortSignal): Promise<readonly JsonObject[]>;
  /** The tools that may be used, as they were last seen. */
  tools(): readonly JsonObject[];
  /** Takes the server and all its tools as they are now. */
  approve(signal?: AbortSignal): Promise<readonly JsonObject[]>;
  close(): Promise<void>;
}

/** Makes an upstream; nothing is started or reached yet. */
export function createUpstream(config: UpstreamConfig, ports: UpstreamPorts): Upstream {
  let connection: Connection | undefined;
  let opening: Promise<Connection> | undefined;
  let words: (() => string) | undefined;
  let tools: readonly JsonObject[] = [];
  let changed: readonly string[] = [];
  let error: string | undefined;
  let disabled = false;
  const closing = new AbortController();
  let approving = false;

  const record = (): Promise<TrustRecord | undefined> => ports.trust.get(trustKey(config));
  const fail = (reason: string): void => {
    error = reason;
    ports.onChange(config.name, 'status');
  };

  const transportOf = (onCut: (id: number) => void): Transport => {
    const { transport } = config;
    if (transport.type === 'stdio') {
      const { command, args, env } = transport;
      const { spawn } = ports;
      const started: StdioTransport = stdioTransport({
        command,
        args,
        env: childEnvironment(ports.env, env),
        cwd: ports.cwd,
        ...(spawn === undefined ? {} : { spawn }),
      });
      words = () => started.lastWords();
      return started;
    }
    return httpTransport({ ...httpOptions(transport), onCut });
  };
  const httpOptions = ({ url, headers }: Extract<UpstreamTransport, { type: 'http' }>): Omit<HttpOptions, 'onCut'> => {
    const { auth } = config;
    const authProvider = auth?.type === 'oauth' ? ports.oauth?.(config, auth) : undefined;
    return {
      url,
      headers: { ...headers, ...authHeaders(auth) },
      fetch: ports.fetch,
      ...(authProvider === undefined ? {} : { authProvider }),
    };
  };

  const open = async (): Promise<Connection> => {
    if (closing.signal.aborted) throw new KwError('mcp-failed', `MCP server ${JSON.stringify(config.name)}: it was closed`);
    if (config.problem !== undefined) throw new KwError('mcp-failed', `MCP server ${JSON.stringify(config.name)}: ${config.problem}`);
    const trust = approving ? { type: 'trusted' as const } : judgeServer(config, await record());
    disabled = trust.type === 'disabled';
    if (trust.type === 'disabled') throw new KwError('mcp-disabled', `MCP server ${JSON.stringify(config.name)}: ${trust.reason}`);
    let opened: Connection | undefined;
    try {
      const options: Omit<ConnectionOptions, 'open'> = {
        clientInfo: ports.clientInfo,
        capabilities: ports.capabilities(),
        timeoutMs: config.timeoutMs,
        signal: closing.signal,
        answer: (method, params, signal) => ports.answer(config.name, method, params, signal),
        onNotification: (method, params) => {
          if (method === 'notifications/tools/list_changed') void refresh().catch(() => undefined); // told by the status
          else ports.onNotification(config.name, method, params);
        },
        onEnd: (reason) => {
          if (opened === undefined || connection !== opened) return;
          connection = undefined;
          if (!closing.signal.aborted) fail(reason ?? 'it ended');
        },
      };
      opened = await connect({ ...options, open: transportOf }).catch((cause: unknown) => connectOlder(options, cause));
    } catch (cause) {
      throw upstreamError(config.name, cause, lastLine(words?.()));
    }
    error = undefined;
    return settle(opened, trust.type === 'first-use');
  };

  const settle = async (opened: Connection, firstUse: boolean): Promise<Connection> => {
    connection = opened;
    await load(opened, firstUse);
    return opened;
  };

  /** Tries the way of servers from before Streamable HTTP; where that fails, too, the first failure says more. */
  const connectOlder = async (options: Omit<ConnectionOptions, 'open'>, first: unknown): Promise<Connection> => {
    const { transport } = config;
    if (transport.type !== 'http' || !mayBeOlder(first)) throw first;
    const { sseTransport } = await import('./sse-transport.ts');
    try {
      return await connect({ ...options, open: () => sseTransport(httpOptions(transport)) });
    } catch {
      throw first;
    }
  };

  const load = async (from: Connection, firstUse: boolean, signal?: AbortSignal): Promise<void> => {
    let all: readonly JsonObject[];
    try {
      all = await listAll(from, 'tools', signal);
    } catch (cause) {
      fail(upstreamError(config.name, cause).message);
      return;
    }
    const wanted = all.filter((tool) => isWanted(config, textOf(tool, 'name') ?? ''));
    const before = await record();
    const now = judgeTools(config, before, wanted);
    if (firstUse || approving || (config.trust !== true && before !== undefined && before.tools === undefined))
      await ports.trust.set(trustKey(config), recordOf(config, all)).catch((cause: unknown) => {
        ports.notice(`MCP server ${JSON.stringify(config.name)} cannot be remembered: ${wordsOf(cause)}`);
      });
    tools = approving ? wanted : now.usable;
    changed = approving ? [] : now.changed;
    if (firstUse) ports.notice(firstUseText(config, wanted));
    if (changed.length > 0) ports.notice(changedText(config, changed));
    ports.onChange(config.name, 'tools');
  };

  const refresh = async (): Promise<void> => {
    if (connection !== undefined) await load(connection, false);
  };

  const connected = (signal?: AbortSignal): Promise<Connection> => {
    if (connection !== undefined) return Promise.resolve(connection);
    if (opening === undefined) {
      const attempt = open();
      opening = attempt;
      attempt.then(
        () => {
          opening = undefined;
          ports.onChange(config.name, 'status');
        },
        (cause: unknown) => {
          opening = undefined;
          fail(wordsOf(cause));
        },
      );
    }
    return signal === undefined ? opening : raceAbort(opening, signal);
  };

  const drop = (broken: Connection): void => {
    if (connection === broken) connection = undefined;
    void broken.close().catch(() => undefined); // it is of no use any more
  };

  const asked = async <T>(ask: (from: Connection) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let again = false; ; again = true) {
      const from = await connected(signal);
      try {
        return await ask(from);
      } catch (cause) {
        signal?.throwIfAborted();
        const kind = failureKind(cause);
        if (kind === 'answered') throw cause;
        if (kind === 'broken' || kind === 'session-gone') drop(from);
        if (kind === 'session-gone' && !again) continue;
        const failed = upstreamError(config.name, cause, kind === 'broken' ? lastLine(words?.()) : '');
        fail(failed.message);
        throw failed;
      }
    }
  };

  return {
    config,
    tools: () => tools,
    connected,
    request: (method, params, options = {}) => asked((from) => from.request(method, params, options), options.signal),
    list: (kind, signal) => asked((from) => listAll(from, kind, signal), signal),
    approve: async (signal) => {
      approving = true;
      try {
        if (connection === undefined) await connected(signal);
        else await load(connection, false, signal);
      } finally {
        approving = false;
      }
      return tools;
    },
    status: () => {
      const { name, transport, description, enabled } = config;
      const info = connection?.serverInfo;
      const server =
        info === undefined ? undefined : [textOf(info, 'name'), textOf(info, 'version')].filter((part) => part !== undefined).join(' ');
      const state = !enabled
        ? 'off'
        : disabled
          ? 'disabled'
          : opening !== undefined
            ? 'connecting'
            : error !== undefined
              ? 'failed'
              : connection !== undefined
                ? 'ready'
                : 'idle';
      return {
        name,
        transport: transport.type,
        place: placeOf(config),
        state,
        tools: tools.map((tool) => textOf(tool, 'name') ?? ''),
        changedTools: changed,
        ...(description === undefined ? {} : { description }),
        ...(server === undefined ? {} : { server }),
        ...(error === undefined ? {} : { error }),
      };
    },
    close: async () => {
      closing.abort(new Error('it is closed'));
      const open = connection ?? (await opening?.catch(() => undefined)); // told to whoever waited for it
      connection = undefined;
      await open?.close();
    },
  };
}
