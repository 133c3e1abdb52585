import type { Socket } from 'node:net';
import { http, https, net } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import { quote, reasonOf, systemCodeOf } from '../text.ts';
import { openSocksTunnel } from './socks.ts';

/** Where a tunnel leads. */
export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

const connectTimeoutMs = 15_000;

/** Opens a TCP way to the target through a proxy: CONNECT (http, https) or SOCKS5. Throws KubeError `proxy`. */
export function openTunnel(proxy: URL, target: TunnelTarget): Promise<Socket> {
  return proxy.protocol.startsWith('socks5') ? openSocksTunnel(proxy, target) : openConnectTunnel(proxy, target);
}

/** The Proxy-Authorization header for a proxy with a user name in its address. */
export function proxyAuthorization(proxy: URL): { readonly 'proxy-authorization'?: string } {
  if (proxy.username === '' && proxy.password === '') return {};
  const plain = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain, 'utf8').toString('base64')}` };
}

/** The address of a proxy for messages: without user name and password. */
export function proxyName(proxy: URL): string {
  return quote(`${proxy.protocol}//${proxy.host}`);
}

function openConnectTunnel(proxy: URL, { host, port }: TunnelTarget): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const authority = `${net().isIPv6(host) ? `[${host}]` : host}:${port}`;
  const send = proxy.protocol === 'https:' ? https().request : http().request;
  const request = send({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    agent: false,
    timeout: connectTimeoutMs,
  });
  request.once('connect', (response, socket, head) => {
    if (response.statusCode !== 200) {
      socket.destroy();
      reject(
        new KubeError(
          'proxy',
          `The proxy ${proxyName(proxy)} refused the way to ${authority}: ${response.statusCode} ${quote(response.statusMessage ?? '')}.`,
        ),
      );
      return;
    }
    socket.setTimeout(0);
    if (head.length > 0) socket.unshift(head);
    resolve(socket as Socket); // a Duplex by its type; for CONNECT it is the connection itself
  });
  request.once('response', (response) => {
    request.destroy();
    reject(
      new KubeError(
        'proxy',
        `The proxy ${proxyName(proxy)} refused the way to ${authority}: ${response.statusCode ?? 0} ${quote(response.statusMessage ?? '')}.`,
      ),
    );
  });
  request.once('timeout', () => request.destroy(new Error(`no answer in ${connectTimeoutMs / 1_000} s`)));
  request.once('error', (error) => {
    reject(
      new KubeError('proxy', `The proxy ${proxyName(proxy)} can't be used: ${systemCodeOf(error) ?? reasonOf(error)}.`, { cause: error }),
    );
  });
  request.end();
  return promise;
}
