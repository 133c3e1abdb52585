import type { JsonObject } from '@kw/agent';
import { recordsOf, textOf } from '../json.ts';
import type { Connection } from './connection.ts';

/** What servers have lists of. */
export type ListKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

const methods: Readonly<Record<ListKind, { readonly method: string; readonly capability: string }>> = {
  tools: { method: 'tools/list', capability: 'tools' },
  prompts: { method: 'prompts/list', capability: 'prompts' },
  resources: { method: 'resources/list', capability: 'resources' },
  resourceTemplates: { method: 'resources/templates/list', capability: 'resources' },
};

/** A server that pages for ever is left at this page. */
const maxPages = 100;

/** All pages of a list; none where the server has no such thing. */
export async function listAll(from: Connection, kind: ListKind, signal?: AbortSignal): Promise<readonly JsonObject[]> {
  const { method, capability } = methods[kind];
  if (from.capabilities[capability] === undefined) return [];
  const items: JsonObject[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const result = await from.request(method, cursor === undefined ? {} : { cursor }, signal === undefined ? {} : { signal });
    items.push(...recordsOf(result[kind]));
    cursor = textOf(result, 'nextCursor');
    if (cursor === undefined || seen.has(cursor)) break;
    seen.add(cursor);
  }
  return items;
}
