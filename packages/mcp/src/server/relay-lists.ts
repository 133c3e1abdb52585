import type { JsonObject } from '@kw/agent';
import type { ListKind } from '../client/list-all.ts';
import type { McpManager } from '../client/manager.ts';
import type { Upstream } from '../client/upstream.ts';
import { textOf } from '../json.ts';

/** Something of a server under the name by which it is asked for here. */
export interface Relayed {
  readonly upstream: Upstream;
  readonly original: string;
  readonly item: JsonObject;
}

/** Lists of all servers put together; a server that does not answer hides no other. */
export interface RelayLists {
  /** All items of a kind by their name or address here. */
  all(kind: Exclude<ListKind, 'tools'>, signal: AbortSignal): Promise<ReadonlyMap<string, Relayed>>;
  /** The server of an address: by its lists, else by its templates. */
  serverOf(uri: string, signal: AbortSignal): Promise<Upstream | undefined>;
}

const listMs = 8_000;

/** Makes the lists; names that are taken by our own prompts are told apart by the server's name. */
export function relayLists(manager: McpManager, reserved: ReadonlySet<string>): RelayLists {
  const owners = new Map<string, Upstream>();
  const all: RelayLists['all'] = async (kind, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(listMs)]);
    const ready = manager.upstreams.filter((upstream) => upstream.status().state === 'ready' || upstream.status().state === 'failed');
    const lists = await Promise.all(
      ready.map(async (upstream) => ({ upstream, items: await upstream.list(kind, limit).catch(() => []) })), // told by the status
    );
    signal.throwIfAborted();
    const found = new Map<string, Relayed>();
    for (const { upstream, items } of lists) {
      for (const item of items) {
        const original = textOf(item, keyOf[kind]) ?? '';
        const name = kind === 'prompts' ? promptName(upstream, original, { found, reserved }) : original;
        if (found.has(name)) continue; // the first server that has an address answers for it
        found.set(name, { upstream, original, item: kind === 'prompts' ? { ...item, name } : item });
        if (kind === 'resources') owners.set(original, upstream);
      }
    }
    return found;
  };
  return {
    all,
    serverOf: async (uri, signal) => {
      const known = owners.get(uri) ?? (await all('resources', signal)).get(uri)?.upstream;
      if (known !== undefined) return known;
      const templates = await all('resourceTemplates', signal);
      const fitting = [...templates.values()].find(({ original }) => fits(original, uri));
      if (fitting !== undefined) return fitting.upstream;
      const able = manager.upstreams.filter((upstream) => upstream.status().state === 'ready');
      return able.length === 1 ? able[0] : undefined;
    },
  };
}

const keyOf = { prompts: 'name', resources: 'uri', resourceTemplates: 'uriTemplate' } as const;

function promptName(
  upstream: Upstream,
  original: string,
  { found, reserved }: { readonly found: ReadonlyMap<string, Relayed>; readonly reserved: ReadonlySet<string> },
): string {
  const isFree = !reserved.has(original) && !found.has(original);
  return !upstream.config.prefix && isFree ? original : `${upstream.config.name}__${original}`;
}

/** Whether an address may come from a template: its fixed parts stand in their order. */
function fits(template: string, uri: string): boolean {
  const [first = '', ...rest] = template.split(/\{[^}]*\}/);
  if (!uri.startsWith(first)) return false;
  const last = rest.at(-1);
  if (last === undefined) return uri === first;
  let at = first.length;
  for (const part of rest) {
    const found = uri.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return uri.endsWith(last);
}
