import { isKubeError } from '../errors.ts';
import { toObjectList } from './object.ts';
import type { KubeObject, ObjectList } from './object.ts';
import { apiPath } from './resource.ts';
import type { GroupVersionResource } from './resource.ts';
import type { CallOptions, KubeRequest } from './types.ts';

/** Objects of one page; kubectl asks for as many. */
const defaultPageSize = 500;
/** Times that an expired list is begun again before it is given up. */
const maxRestarts = 3;

/** What is listed. */
export interface ListOptions extends CallOptions {
  /** Absent: all namespaces, or a cluster-scoped resource. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects of one request. Default 500. */
  readonly pageSize?: number | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}

/** Sends a request whose answer is JSON. */
export type SendJson = (request: KubeRequest) => Promise<unknown>;

/**
 * Lists page by page. Where a page has expired (410), it goes on with the token that the server offers, or begins anew and
 * leaves out what was given already; such pages are marked as not consistent.
 */
export async function* listPages(
  send: SendJson,
  resource: GroupVersionResource,
  options: ListOptions = {},
): AsyncGenerator<ObjectList, void, undefined> {
  const { namespace, labelSelector, fieldSelector, pageSize = defaultPageSize, resourceVersion, resourceVersionMatch, ...call } = options;
  const path = apiPath(resource, { namespace });
  const given = new Set<string>();
  let next: string | undefined;
  let consistent = true;
  let restarts = 0;
  do {
    const isFirst = next === undefined && consistent;
    const query = {
      labelSelector,
      fieldSelector,
      limit: pageSize,
      continue: next,
      ...(isFirst && { resourceVersion, resourceVersionMatch }),
    };
    let answer: unknown;
    try {
      answer = await send({ path, query, ...call });
    } catch (error) {
      if (!isKubeError(error, 'gone') || next === undefined || restarts >= maxRestarts) throw error;
      restarts += 1;
      consistent = false;
      const offered = error.details['continue'];
      next = typeof offered === 'string' ? offered : undefined;
      continue;
    }
    const page = toObjectList(answer, path, consistent);
    const items =
      consistent && page.continue === undefined && given.size === 0 ? page.items : page.items.filter((item) => isNew(given, item));
    next = page.continue;
    yield { ...page, items };
    if (next === undefined) return;
  } while (true);
}

function isNew(given: Set<string>, { metadata }: KubeObject): boolean {
  const key = `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  if (given.has(key)) return false;
  given.add(key);
  return true;
}
