import { apiPath, isKubeError, KubeError } from '@kw/kube';
import type { GroupVersionResource, KubeClient } from '@kw/kube';
import { textAt } from '../world/fields.ts';
import type { Fields } from '../world/fields.ts';
import type { KindSource } from '../world/kinds.ts';
import { byteBudget } from './byte-budget.ts';
import { splitItems } from './split-items.ts';

/** Asked for in one request; servers that answer from their cache give all at once. */
const pageSize = 500;
const maxRestarts = 3;
/** Fifty thousand ordinary pods; what is more was made to be more. */
const maxListBytes = 512 * 1024 * 1024;
const metadataOnly = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** Which objects. */
export interface ListWish {
  readonly resource: GroupVersionResource;
  readonly source: KindSource;
  /** Absent: all. */
  readonly namespace?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The objects of a kind one by one, from the server's cache; a list that expires between its pages is begun again without doubles. */
export async function* listObjects(client: KubeClient, wish: ListWish): AsyncGenerator<Fields, void, undefined> {
  const { resource, source, namespace, signal } = wish;
  const path = apiPath(resource, { namespace });
  const within = byteBudget(maxListBytes, path);
  const given = new Set<string>();
  let next: string | undefined;
  let restarts = 0;
  do {
    const isFirst = next === undefined;
    let envelope: Fields;
    try {
      const { body } = await client.stream({
        path,
        query: {
          limit: pageSize,
          continue: next,
          resourceVersion: isFirst ? '0' : undefined,
          labelSelector: source.labelSelector,
          fieldSelector: source.fieldSelector,
        },
        ...(source.metadataOnly === true ? { accept: metadataOnly } : {}),
        signal,
      });
      const items = splitItems(within(body));
      let step = await items.next();
      while (step.done !== true) {
        const key = `${textAt(step.value, 'metadata.namespace')}/${textAt(step.value, 'metadata.name')}`;
        if (restarts === 0 || !given.has(key)) yield step.value;
        given.add(key);
        step = await items.next();
      }
      envelope = step.value;
    } catch (error) {
      if (!isKubeError(error, 'gone') || isFirst || restarts >= maxRestarts) throw readable(error, path, signal);
      restarts += 1;
      const offered = error.details['continue'];
      next = typeof offered === 'string' ? offered : undefined;
      continue;
    }
    next = textAt(envelope, 'metadata.continue') || undefined;
    if (next === undefined) return;
  } while (true);
}

/** What is no JSON, or too large, is an answer of the server, too. */
function readable(error: unknown, path: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true || isKubeError(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new KubeError('bad-answer', `The list at ${path} can not be read: ${why}`, { cause: error });
}
