import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { http, https, net, tls, zlib } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import { quote, reasonOf } from '../text.ts';
import { selectProxy } from './select-proxy.ts';
import { toTransportError } from './transport-error.ts';
import { openTunnel, proxyAuthorization } from './tunnel.ts';
import type { KubeTransport, TransportRequest, TransportResponse } from './types.ts';

/** Sockets to one server at once; watches hold one each. */
const maxSockets = 64;
const keepAliveMs = 30_000;

/** The transport over node:https (or node:http) with a keep-alive pool, the connection's CA, and its proxy. */
export function nodeTransport(connection: Connection, host: KubeHost): KubeTransport {
  let way: Way | undefined;
  return {
    send: async (request) => {
      way ??= createWay(connection, host);
      try {
        return await sendOnce(way, request);
      } catch (error) {
        // A kept socket that the server closed meanwhile: nothing was answered, and a read may be asked again.
        if (!isStaleSocket(error) || !['GET', 'HEAD'].includes(request.method)) throw error;
        return sendOnce(way, request);
      }
    },
    close: () => way?.agent.destroy(),
  };
}

interface Way {
  readonly connection: Connection;
  readonly agent: Agent;
  readonly proxy: URL | undefined;
  readonly tlsOptions: TlsOptions;
}

interface TlsOptions {
  readonly ca?: string | string[];
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
  readonly minVersion?: 'TLSv1.2';
}

function createWay(connection: Connection, host: KubeHost): Way {
  const proxy = selectProxy(connection, host.env);
  const options = { keepAlive: true, keepAliveMsecs: keepAliveMs, maxSockets, scheduling: 'lifo' } as const;
  if (connection.server.startsWith('http:')) {
    const isTunnelled = proxy?.protocol.startsWith('socks5') === true;
    const agent = new (http().Agent)(options);
    if (isTunnelled) tunnelThrough(agent, proxy, (socket) => socket);
    return { connection, agent, proxy, tlsOptions: {} };
  }
  const agent = new (https().Agent)(options);
  if (proxy !== undefined) tunnelThrough(agent, proxy, secure);
  return { connection, agent, proxy, tlsOptions: tlsOptionsOf(connection) };
}

function tlsOptionsOf({ authority, insecureSkipTlsVerify, tlsServerName, server }: Connection): TlsOptions {
  const hostname = new URL(server).hostname.replace(/^\[|\]$/g, '');
  return {
    ca: authority?.pem ?? systemAuthorities(),
    rejectUnauthorized: !insecureSkipTlsVerify,
    servername: tlsServerName ?? (net().isIP(hostname) === 0 ? hostname : ''),
    minVersion: 'TLSv1.2',
  };
}

// kubectl trusts the system's store; Node's own list alone would miss a company's authority.
function systemAuthorities(): string[] {
  return [...new Set([...tls().getCACertificates('default'), ...tls().getCACertificates('system')])];
}

type Wrap = (socket: Duplex, options: RequestOptions) => Duplex;

function secure(socket: Duplex, { host, ca, cert, key, rejectUnauthorized, servername, minVersion }: RequestOptions): Duplex {
  return tls().connect({ host: host ?? '', ca, cert, key, rejectUnauthorized, servername, minVersion, socket });
}

function tunnelThrough(agent: Agent, proxy: URL, wrap: Wrap): void {
  agent.createConnection = (options: RequestOptions, onConnected) => {
    openTunnel(proxy, { host: options.host ?? '', port: Number(options.port) }).then(
      (socket) => onConnected?.(null, wrap(socket, options)),
      (error: unknown) => {
        const problem = error instanceof Error ? error : new Error(String(error));
        // The type asks for a stream beside the error; Node ignores it.
        onConnected?.(problem, new (net().Socket)());
      },
    );
    return undefined;
  };
}

function isStaleSocket(error: unknown): boolean {
  return error instanceof KubeError && error.details['staleSocket'] === true;
}

async function sendOnce(way: Way, message: TransportRequest): Promise<TransportResponse> {
  const { signal, headerTimeoutMs } = message;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = startChecked(way, message);
  const name = new URL(message.url).host;
  const fail = (error: unknown): KubeError =>
    toTransportError(error, { server: way.connection.server, context: way.connection.context, staleSocket: request.reusedSocket });
  const timer = setTimeout(() => {
    request.destroy(
      new KubeError('timeout', `The API server ${name} did not answer in ${headerTimeoutMs / 1_000} s. Is it reachable from here?`, {
        details: { server: way.connection.server },
      }),
    );
  }, headerTimeoutMs);
  const onAbort = (): void => {
    reject(signal.reason);
    request.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  request.once('response', resolve);
  request.on('error', (error) => reject(fail(error))); // stays: errors after the answer reach its body, too
  request.end(message.body);
  try {
    const response = await promise;
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      body: readBody(response, message, fail),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

// Node reads certificate and key when the connection is made, and throws where they are none.
function startChecked(way: Way, message: TransportRequest): ClientRequest {
  try {
    return start(way, message);
  } catch (error) {
    if (message.certificate === undefined) throw error;
    const user = quote(way.connection.userName);
    throw new KubeError('credential-invalid', `The client certificate and key of user ${user} can't be used: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function start({ connection, agent, proxy, tlsOptions }: Way, { method, url, headers, certificate }: TransportRequest): ClientRequest {
  const isPlain = connection.server.startsWith('http:');
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
  if (isPlain && proxy !== undefined && !proxy.protocol.startsWith('socks5')) {
    // Plain http goes to the proxy with the whole address.
    const { host } = new URL(url);
    const send = proxy.protocol === 'https:' ? https().request : http().request;
    return send(new URL(proxy.origin), { method, path: url, headers: { host, ...lists, ...proxyAuthorization(proxy) }, agent: false });
  }
  const options = { method, agent, headers: lists, ...tlsOptions, ...(certificate !== undefined && certificate) };
  return isPlain ? http().request(url, { method, agent, headers: lists }) : https().request(url, options);
}

function headersOf(response: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries);
}

async function* readBody(
  response: IncomingMessage,
  { signal, idleTimeoutMs }: TransportRequest,
  fail: (error: unknown) => KubeError,
): AsyncGenerator<Uint8Array> {
  const onAbort = (): void => void response.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  response.setTimeout(idleTimeoutMs, () => {
    response.destroy(
      new KubeError('timeout', `The API server stopped in the middle of its answer: nothing came for ${idleTimeoutMs / 1_000} s.`),
    );
  });
  try {
    signal.throwIfAborted();
    const isGzip = response.headers['content-encoding'] === 'gzip';
    const stream = isGzip ? response.pipe(zlib().createGunzip()) : response;
    if (isGzip)
      response
        .once('error', (error) => stream.destroy(error))
        .once('close', () => response.complete || stream.destroy(new Error('aborted')));
    for await (const chunk of stream) {
      yield chunk;
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw fail(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!response.complete) response.destroy();
  }
}
