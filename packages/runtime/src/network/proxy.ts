import { bilingualError } from '../bilingual-error.ts';
import { BlockList, isIP } from 'node:net';

/** The proxy of a request, and the variable that names it. */
export interface Proxy {
  readonly url: URL;
  readonly variable: string;
  /** Without user name and password. */
  readonly shown: string;
}

/** Values by name, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

const protocols = new Map([
  ['http:', 'http:'],
  ['https:', 'https:'],
  ['socks:', 'socks5:'],
  ['socks5:', 'socks5:'],
  ['socks5h:', 'socks5:'],
]);

/**
 * The proxy for a URL, as curl chooses it: `https_proxy` or `http_proxy` by the URL's scheme, then `all_proxy`, each also in upper case, without
 * the hosts of `no_proxy`. A loopback address is reached through a proxy on this machine only. Throws KwError `bad-configuration` for what is no proxy's address.
 */
export function proxyOf(target: URL, variables: Variables): Proxy | undefined {
  const scheme = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const names = [scheme, scheme.toUpperCase(), 'all_proxy', 'ALL_PROXY'];
  const variable = names.find((name) => (variables[name] ?? '').trim() !== '');
  if (variable === undefined || isExcluded(target, variables)) return undefined;
  const url = parse(variables[variable]?.trim() ?? '', variable);
  if (isLoopback(target.hostname) && !isLoopback(url.hostname)) return undefined;
  return { url, variable, shown: `${url.protocol}//${url.host}` };
}

/** The secrets in the variables: passwords of proxies, as they are written and as they are meant. */
export function proxySecrets(variables: Variables): readonly string[] {
  return ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) =>
    [variables[name], variables[name.toUpperCase()]].flatMap((text) => {
      const password = /^[^:@]*:(.+)@/s.exec((text ?? '').trim().replace(/^[a-z0-9+.-]*:\/\//i, ''))?.[1];
      return password === undefined ? [] : [...new Set([password, decoded(password)])];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(text: string, variable: string): URL {
  const whole = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const protocol = url === undefined ? undefined : protocols.get(url.protocol);
  if (url === undefined || protocol === undefined || url.hostname === '') {
    // Whatever stands before the last @ may be a password, with slashes in it and without a scheme in front.
    const shown = text.replace(/^([a-z0-9+.-]*:\/\/)?.*@/is, '$1***@');
    throw bilingualError('bad-configuration', {
      en: `${variable}: ${JSON.stringify(shown)} is no address of a proxy, such as http://proxy.example.com:3128`,
      zh: `${variable}:${JSON.stringify(shown)} 不是代理地址，例如 http://proxy.example.com:3128`,
    });
  }
  return protocol === url.protocol ? url : new URL(whole.replace(/^[^:]+:/, protocol));
}

/** Names, suffixes with or without a leading dot or `*.`, addresses, networks (`10.0.0.0/8`), each with or without a port; `*` is everything. */
function isExcluded(target: URL, variables: Variables): boolean {
  const host = bare(target.hostname);
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  const entries = (variables['no_proxy'] || variables['NO_PROXY'] || '').split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.some((entry) => entry === '*' || matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return isInNetwork(host, entry);
  const ported = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry);
  if (ported !== null && ported[2] !== port) return false;
  const name = bare(ported?.[1] ?? entry).replace(/^\*?\./, '');
  if (isIP(host) !== 0) return host === name;
  return host === name || host.endsWith(`.${name}`);
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/', 2);
  const family = isIP(host);
  const prefix = Number(bits);
  if (family === 0 || isIP(bare(address)) !== family || !/^\d{1,3}$/.test(bits) || prefix > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(bare(address), prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A host in lower case, an IPv6 address without its brackets. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
