import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as TlsServer } from 'node:https';
import { maxBodyBytes } from './body.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';

/** A certificate with its key, PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  /** Signs the certificates that clients may show. */
  readonly clientAuthority: string;
}

/** What listens on a port. */
export interface Listener {
  readonly port: number;
  /** Ends every open request and frees the port. */
  close(): Promise<void>;
}

/** Answers a request; `subject` is the verified certificate that the client showed. */
export type Answer = (request: ApiRequest, client: ClientCertificate | undefined) => Promise<ApiResponse>;

/** Who a client certificate names. */
export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly fingerprint: string;
}

/** Listens on a free port of the loopback interface. */
export async function listen(answer: Answer, tls?: ServerCertificate): Promise<Listener> {
  const handler: RequestListener = (incoming, outgoing) => void serve(answer, incoming, outgoing);
  const server: Server | TlsServer = tls
    ? createTlsServer(
        { cert: tls.certificate, key: tls.key, ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: false },
        handler,
      )
    : createServer(handler);
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', (incoming, socket) => void refuseUpgrade(answer, incoming, (text) => socket.end(text)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  server.unref();
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(answer: Answer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const controller = new AbortController();
  outgoing.once('close', () => controller.abort());
  try {
    const request = requestOf(incoming, await bodyOf(incoming), controller.signal);
    await send(await answer(request, clientOf(incoming)), outgoing, incoming.method === 'HEAD');
  } catch (error) {
    // The client went away, or sent what is no HTTP: nobody is left to hear of it.
    if (!outgoing.destroyed) outgoing.destroy(error instanceof Error ? error : undefined);
  }
}

function requestOf(incoming: IncomingMessage, body: Uint8Array, signal: AbortSignal): ApiRequest {
  const url = incoming.url ?? '/';
  const cut = url.indexOf('?');
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(',') : value);
  return {
    method: incoming.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1)),
    headers,
    body,
    signal,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too large is read to its end, so that the client gets its answer, but not kept.
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk);
    if (size <= maxBodyBytes) chunks.push(part);
    size += part.length;
  }
  return Buffer.concat(chunks);
}

async function send(response: ApiResponse, outgoing: ServerResponse, withoutBody: boolean): Promise<void> {
  const headers = new Map<string, string[]>();
  for (const [name, value] of response.headers) headers.set(name, [...(headers.get(name) ?? []), value]);
  for (const [name, values] of headers) outgoing.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  outgoing.statusCode = response.status;
  if (typeof response.body === 'string' || response.body instanceof Uint8Array) {
    outgoing.end(withoutBody ? undefined : response.body);
    return;
  }
  outgoing.flushHeaders();
  for await (const part of response.body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(part)) await new Promise<void>((resolve) => void outgoing.once('drain', resolve).once('close', resolve));
  }
  outgoing.end();
}

function clientOf(incoming: IncomingMessage): ClientCertificate | undefined {
  const { socket } = incoming;
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return undefined;
  if (!('authorized' in socket) || socket.authorized !== true) return undefined;
  const certificate: unknown = socket.getPeerCertificate();
  if (typeof certificate !== 'object' || certificate === null || !('subject' in certificate)) return undefined;
  const { subject } = certificate;
  if (typeof subject !== 'object' || subject === null || !('CN' in subject) || typeof subject.CN !== 'string') return undefined;
  const given: unknown = 'O' in subject ? subject.O : [];
  const organizations = (Array.isArray(given) ? given : [given]).filter((entry): entry is string => typeof entry === 'string');
  const fingerprint = 'fingerprint256' in certificate && typeof certificate.fingerprint256 === 'string' ? certificate.fingerprint256 : '';
  return { commonName: subject.CN, organizations, fingerprint: fingerprint.replaceAll(':', '').toLowerCase() };
}

/** An upgrade (exec, attach, port-forward) gets the answer that the path has without it. */
async function refuseUpgrade(answer: Answer, incoming: IncomingMessage, end: (text: string) => void): Promise<void> {
  const response = await answer(requestOf(incoming, new Uint8Array(), AbortSignal.timeout(10_000)), clientOf(incoming));
  const body = typeof response.body === 'string' ? response.body : '';
  const headers = response.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  end(`HTTP/1.1 ${response.status} Refused\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
