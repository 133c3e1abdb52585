import { net } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import { quote } from '../text.ts';

/** Says what is wrong with an address. */
type Refuse = (problem: string) => KubeError;

/**
 * The address of an API server as one normal URL without a slash at its end. Without a scheme, `host:port` is https where the
 * cluster has TLS settings, else http, as kubectl takes it. Throws `kubeconfig-invalid` for anything else.
 */
export function normalizeServerUrl(server: string, options: { readonly place: string; readonly hasTlsSettings: boolean }): string {
  const { place, hasTlsSettings } = options;
  const refuse: Refuse = (problem) => new KubeError('kubeconfig-invalid', `The server of ${place} ${problem}`);
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `${hasTlsSettings ? 'https' : 'http'}://${server}`;
  const url = parseUrl(absolute, refuse);
  if (url.username !== '' || url.password !== '') {
    throw refuse('has a user name or a password in its address: put them under the user (username, password or token).');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse(`has the scheme ${quote(url.protocol)}; it must be https:// or http://.`);
  if (url.search !== '' || url.hash !== '') throw refuse(`must not have a query or a fragment: ${quote(`${url.origin}${url.pathname}`)}.`);
  if (absolute !== server && url.pathname !== '/') throw refuse(`has no scheme: write https://${server.slice(0, 100)}.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The address of a proxy: http, https or socks5. Throws `kubeconfig-invalid`. */
export function parseProxyUrl(address: string, place: string): URL {
  const refuse: Refuse = (problem) => new KubeError('kubeconfig-invalid', `The proxy-url of ${place} ${problem}`);
  const url = parseUrl(address, refuse);
  if (!['http:', 'https:', 'socks5:'].includes(url.protocol)) {
    throw refuse(`has the scheme ${quote(url.protocol)}; it must be http://, https:// or socks5://.`);
  }
  return url;
}

// The URL itself may hold a password, so no message quotes it whole.
function parseUrl(address: string, refuse: Refuse): URL {
  const url = URL.parse(address);
  if (url === null || url.hostname === '') throw refuse('is not a URL; write it like https://HOST:PORT.');
  return url;
}

/** Whether an address is this machine's own. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1') return true;
  return net().isIPv4(host) && host.startsWith('127.');
}
