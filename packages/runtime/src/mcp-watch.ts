import type { Principal, TargetSource } from '@kw/agent';
import type { ObjectReference, OpenKubeTarget } from '@kw/kube';
import { isKubeError, isOpenKubeTarget } from '@kw/kube';
import type { ObjectAddress, Watching } from '@kw/mcp';
import { KwError } from '@kw/providers';

/** What a watch is made with. */
export interface WatchScope {
  readonly by: Principal;
  readonly changed: () => void;
  readonly signal: AbortSignal;
}

/** Begins to watch one object, as whoever asks; what it opened is closed with the signal. Throws what the cluster says. */
export async function watchObject(
  targets: TargetSource,
  { context, namespace, kind, name }: ObjectAddress,
  { by, changed, signal }: WatchScope,
): Promise<Watching> {
  const target = await targets.freeze({ context, by }, signal);
  const opened = await targets.open(target, signal);
  try {
    if (!isOpenKubeTarget(opened)) throw new KwError('no-cluster', 'this cluster cannot be watched; read the object again instead');
    const { client } = opened;
    const resource = await client.resolveResource(kind, { signal });
    if (!resource.verbs.includes('watch'))
      throw new KwError('not-watchable', `the cluster does not tell of changes of ${kind}; read the object again instead`);
    const where = resource.namespaced ? { namespace: namespace ?? target.namespace ?? 'default' } : {};
    const reference: ObjectReference = { resource, name, ...where };
    const { metadata } = await client.get(reference, { signal });
    const { resourceVersion: from } = metadata ?? {};
    return { ended: follow(opened, reference, { changed, signal, from }) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

interface FollowScope extends Pick<WatchScope, 'changed' | 'signal'> {
  readonly from: string | undefined;
}

/** Tells of changes until the signal is aborted, then closes the target; resolves to why it ended. */
async function follow(opened: OpenKubeTarget, { resource, namespace, name }: ObjectReference, scope: FollowScope): Promise<string> {
  const { changed, signal } = scope;
  let resourceVersion = scope.from;
  try {
    while (!signal.aborted) {
      const only = { namespace, fieldSelector: `metadata.name=${name}`, signal };
      for await (const { type } of opened.client.watch(resource, { ...only, resourceVersion })) if (type !== 'bookmark') changed();
      resourceVersion = undefined; // expired: from now on, and what happened meanwhile was told as a change
    }
    return 'it was ended';
  } catch (error) {
    return isKubeError(error) ? error.message : String(error);
  } finally {
    await opened.close();
  }
}
