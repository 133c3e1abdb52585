import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';

/** The certificate that a server showed. */
export interface ShownCertificate {
  /** The name it was made out to. */
  readonly name: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validTo: number;
  /** Why it is not trusted; undefined where it is. */
  readonly distrust?: string;
}

/** How far a connection came. */
export type Probe =
  | { readonly type: 'reached'; readonly milliseconds: number; readonly certificate?: ShownCertificate }
  | { readonly type: 'failed'; readonly stage: 'dns' | 'tcp' | 'proxy' | 'tls'; readonly host: string; readonly said: string };

/** How to connect. */
export interface ProbeOptions {
  readonly proxy?: URL;
  readonly signal: AbortSignal;
  readonly monotonic: () => number;
}

/** Connects to a server as far as TLS, through a proxy where there is one, and sends it nothing. */
export async function probe(url: URL, { proxy, signal, monotonic }: ProbeOptions): Promise<Probe> {
  const since = monotonic();
  const first = proxy ?? url;
  const host = bare(first.hostname);
  let stage: 'dns' | 'tcp' | 'proxy' | 'tls' = 'dns';
  let socket: Socket | undefined;
  try {
    await lookup(host);
    signal.throwIfAborted();
    stage = 'tcp';
    socket = await opened(connect({ host, port: portOf(first), signal }), 'connect');
    const reached = (): Probe => ({ type: 'reached', milliseconds: Math.round(monotonic() - since) });
    if (url.protocol !== 'https:') return reached();
    if (proxy !== undefined) {
      if (proxy.protocol !== 'http:') return reached(); // what is beyond it is asked by the next check
      stage = 'proxy';
      await tunnel(socket, url, proxy);
    }
    stage = 'tls';
    const name = bare(url.hostname);
    // The check tells why a certificate is not trusted; nothing is sent over this connection.
    const secure = connectTls({ socket, host: name, rejectUnauthorized: false, ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }) });
    await opened(secure, 'secureConnect');
    return { type: 'reached', milliseconds: Math.round(monotonic() - since), certificate: certificateOf(secure) };
  } catch (error) {
    signal.throwIfAborted();
    return { type: 'failed', stage, host: stage === 'tls' ? url.host : first.host, said: saidOf(error) };
  } finally {
    socket?.destroy();
  }
}

function opened<T extends Socket>(socket: T, event: 'connect' | 'secureConnect'): Promise<T> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once(event, () => resolve(socket));
  });
}

const maxAnswerBytes = 16 * 1024;

/** Asks an HTTP proxy for a way to the server. */
async function tunnel(socket: Socket, url: URL, proxy: URL): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const user = proxy.username === '' ? '' : `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const login = user === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(user).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n') && text.length < maxAnswerBytes) return;
      socket.off('data', onData);
      resolve(text);
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the proxy closed the connection')));
  });
  const status = /^HTTP\/1\.[01] (\d{3})[^\r\n]*/.exec(answer);
  if (status?.[1] !== '200') throw new Error(`the proxy answered ${status?.[0].slice(0, 100) ?? 'no HTTP'}`);
}

function certificateOf(socket: TLSSocket): ShownCertificate {
  const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate();
  const text = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join(', ') : (value ?? ''));
  const distrust = socket.authorized ? undefined : String(socket.authorizationError ?? 'it is not trusted');
  return {
    name: text(subject.CN),
    issuer: text(issuer.O) || text(issuer.CN),
    validTo: Date.parse(validTo),
    ...(distrust === undefined ? {} : { distrust }),
  };
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : protocol.startsWith('socks') ? 1080 : 80;
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function saidOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return String(first);
  return 'code' in first && typeof first.code === 'string' && !first.message.includes(first.code)
    ? `${first.message} (${first.code})`
    : first.message;
}
