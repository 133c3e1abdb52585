import { net } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import { isLoopback, parseProxyUrl } from '../kubeconfig/server-url.ts';

/** The proxy for a server: the cluster's proxy-url, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY names the server; Go's rules, so that kubectl takes the same way. */
export function selectProxy(connection: Pick<Connection, 'server' | 'proxyUrl' | 'context'>, env: KubeHost['env']): URL | undefined {
  if (connection.proxyUrl !== undefined) return parseProxyUrl(connection.proxyUrl, `context "${connection.context}"`);
  const server = new URL(connection.server);
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[name] || env[name.toLowerCase()];
  if (value === undefined || value === '') return undefined;
  const hostname = server.hostname.replace(/^\[|\]$/g, '');
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  if (isLoopback(hostname) || isExempt(hostname, port, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  if (proxy === null || !['http:', 'https:', 'socks5:', 'socks5h:'].includes(proxy.protocol)) {
    throw new KubeError(
      'proxy',
      `The variable ${name} is not the address of a proxy: write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.`,
    );
  }
  return proxy;
}

function isExempt(hostname: string, port: string, exemptions: string): boolean {
  return exemptions.split(',').some((entry) => matches(hostname.toLowerCase(), port, entry.trim().toLowerCase()));
}

function matches(hostname: string, port: string, entry: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(hostname, entry);
  const [, name = entry, entryPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  if (hostname === bare) return !name.startsWith('.') && !name.startsWith('*.');
  return net().isIP(bare) === 0 && hostname.endsWith(`.${bare}`);
}

function isInNetwork(hostname: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = net().isIP(hostname);
  const limit = family === 4 ? 32 : 128;
  if (family === 0 || net().isIP(network) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > limit) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new (net().BlockList)();
  list.addSubnet(network, Number(bits), type);
  return list.check(hostname, type);
}
