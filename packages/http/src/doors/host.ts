import type { Auth } from '../options.ts';

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a Host header may be answered, so that a name of somebody else that resolves to us (DNS rebinding) is not.
 * On a loopback bind name and port must be ours; on others the port is not compared, and an address is as good as a name.
 */
export function isOurHost(host: string | undefined, { listening, hosts = [] }: Auth): boolean {
  const parsed = parseHost(host);
  if (parsed === undefined) return false;
  const { loopback, port } = listening();
  if (loopback && parsed.port !== port) return false;
  if (loopbackNames.includes(parsed.name) || hosts.some((known) => known.toLowerCase() === parsed.name)) return true;
  return !loopback && isAddress(parsed.name);
}

/** Whether an Origin header is of the page's own server; browsers leave the default port out of both headers. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  const own = host?.toLowerCase();
  return own !== undefined && [`http://${own}`, `https://${own}`].includes(origin.toLowerCase());
}

function parseHost(host: string | undefined): { readonly name: string; readonly port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host?.toLowerCase() ?? '');
  if (match?.[1] === undefined) return undefined;
  return { name: match[1].replace(/\.$/, ''), port: match[2] === undefined ? 80 : Number(match[2]) };
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}
