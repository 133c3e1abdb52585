import type { Finding } from '../effects/judgement.ts';
import { toKind } from './kinds.ts';
import { hasOpaque, showOpaque } from './opaque.ts';

// Roots of an API server that are meant to be read.
const roots: ReadonlySet<string> = new Set([
  '',
  'api',
  'apis',
  'healthz',
  'livez',
  'readyz',
  'version',
  'metrics',
  'openapi',
  '.well-known',
  'openid',
  'statusz',
  'flagz',
  'configz',
]);
// What a node's proxy may be asked for; everything else there can run programs or read files of the node.
const nodeReads: ReadonlySet<string> = new Set(['healthz', 'metrics', 'stats', 'configz', 'pods', 'statusz', 'flagz']);
const channels: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy', 'token', 'eviction', 'binding']);

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function isOn(query: string, name: string): boolean {
  return query.split('&').some((pair) => {
    const [key = '', value = ''] = pair.split('=').map((side) => decode(side) ?? '');
    return key === name && !['false', '0', 'f', 'F', 'FALSE', 'False'].includes(value);
  });
}

/** What `kubectl get --raw PATH` does: a GET of a path of the API server, written as the caller likes. */
export function judgeRawRead(raw: string): readonly Finding[] {
  const [written = '', query = ''] = raw.split('?');
  const path = decode(written);
  const unclear = (why: string): readonly Finding[] => [
    { effect: 'unknown', reason: `--raw ${showOpaque(raw)}: ${why}` },
    { trait: 'sensitive', reason: `--raw ${showOpaque(raw)} may read secrets` },
  ];
  if (hasOpaque(raw)) return unclear('the path is not known before');
  if (path === undefined || /%|\\/.test(path) || raw.includes('#')) return unclear('the path is encoded in a way that is not plain');
  if (!path.startsWith('/') || path.startsWith('//')) return unclear('it is not a path of the API server');
  const segments = path.slice(1).split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) return unclear('the path climbs');
  // The API server reads `//` as `/`.
  if (segments.slice(0, -1).includes('')) return unclear('a part of the path is empty');
  if (!roots.has(segments[0] ?? '')) return unclear(`/${segments[0] ?? ''} is not known to be a read`);
  const findings: Finding[] = [{ effect: 'read', reason: `get --raw ${raw} reads a path of the API server` }];
  const lower = segments.map((segment) => segment.toLowerCase());
  if (lower.some((segment) => segment === 'secrets')) findings.push({ trait: 'sensitive', reason: `--raw ${raw} reads Secrets` });
  if (isOn(query, 'watch') || lower[2] === 'watch' || lower[3] === 'watch') {
    if (!/(?:^|&)timeoutSeconds=[1-9]\d?(?:&|$)/.test(query)) findings.push(endless(raw, 'watch'));
  }
  if (isOn(query, 'follow')) findings.push(endless(raw, 'follow'));
  const channel = subresource(lower);
  if (
    channel !== undefined &&
    channels.has(channel.name) &&
    !(channel.resource === 'nodes' && channel.name === 'proxy' && nodeReads.has(channel.below))
  ) {
    return [...findings, ...unclear(`/${channel.name} reaches beyond the API server`)];
  }
  return findings;
}

interface Subresource {
  readonly resource: string;
  readonly name: string;
  /** The segment after it. */
  readonly below: string;
}

/** The subresource that a path names: /api/V/[namespaces/NS/]RESOURCE/NAME/SUBRESOURCE/..., with a group after /apis. */
function subresource(segments: readonly string[]): Subresource | undefined {
  if (segments[0] !== 'api' && segments[0] !== 'apis') return undefined;
  const start = segments[0] === 'api' ? 2 : 3;
  const at = segments[start] === 'namespaces' && segments.length > start + 2 ? start + 2 : start;
  const [resource, , name, below = ''] = segments.slice(at);
  return resource === undefined || name === undefined ? undefined : { resource, name, below };
}

function endless(raw: string, word: string): Finding {
  return {
    trait: 'unbounded',
    reason: `${word} in --raw ${raw} never ends`,
    refusal: `Leave out ${word}=true, or add timeoutSeconds=30.`,
  };
}

/** The kind and the namespace that a path of the API server is about, for rules; missing where it is about no object. */
export function namedByPath(raw: string): { readonly kinds: readonly string[]; readonly namespace?: string } {
  const path = decode(raw.split('?')[0] ?? '');
  const all = { kinds: ['*'], namespace: '*' };
  if (path === undefined || hasOpaque(raw)) return all;
  const segments = path.split('/').filter((segment) => segment !== '');
  const [root, ...rest] = segments;
  if (root !== 'api' && root !== 'apis') return { kinds: [] };
  const named = rest.slice(root === 'api' ? 1 : 2).filter((segment, index) => !(index === 0 && segment === 'watch'));
  const [kind, name, below] = named;
  if (kind === undefined) return { kinds: [] };
  if (kind === 'namespaces' && name !== undefined && below !== undefined) return { kinds: [toKind(below)], namespace: name };
  return kind === 'namespaces' || kind === 'nodes' || kind === 'persistentvolumes'
    ? { kinds: [kind] }
    : { kinds: [toKind(kind)], namespace: '*' };
}
