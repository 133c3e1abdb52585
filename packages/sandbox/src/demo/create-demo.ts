import { writeFile } from 'node:fs/promises';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { Api } from '../api/types.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asText, isMap } from '../json.ts';
import type { Sandbox } from '../sandbox.ts';
import { createSandbox } from '../sandbox.ts';
import { parseBehaviours } from '../world/kubelet/behaviour.ts';
import type { SimulatedWorld } from '../world/world.ts';
import { startWorld } from '../world/world.ts';
import { rewoundClock } from './rewound-clock.ts';
import { cluster } from './shop/cluster.ts';
import { healthy } from './shop/healthy.ts';
import { images } from './shop/images.ts';
import type { DemoProblem } from './shop/problems.ts';
import { problems } from './shop/problems.ts';
import { release } from './shop/release.ts';

/** How to make the demo. */
export interface DemoOptions {
  /** Where its present comes from; the machine's clock where it is left out. */
  readonly clock?: Clock;
  /** The same seed gives the same names and addresses. */
  readonly seed?: string;
  /** As for `createSandbox`. */
  readonly auth?: 'url' | 'tls';
}

/** A running cluster with a shop of eleven workloads, seven of them broken. */
export interface Demo extends Sandbox {
  /** Where the shop is; also the namespace of the kubeconfig. */
  readonly namespace: string;
  readonly world: SimulatedWorld;
  /** What is wrong, and what heals it. */
  readonly problems: readonly DemoProblem[];
}

/** The shop was set up this long ago, and broken by a release this long ago. */
const setUpAgoMs = 47 * 60_000;
const releasedAgoMs = 21 * 60_000;

/**
 * Starts the demo: a sandbox whose past of 47 minutes is simulated in a blink, so that ages, restarts and events look lived in.
 * It has a kubeconfig of its own (mode 0600, deleted by `close`) and touches nothing else.
 */
export async function createDemo({ clock: base = systemClock(), seed = 'demo', auth = 'url' }: DemoOptions = {}): Promise<Demo> {
  const clock = rewoundClock(base, setUpAgoMs);
  const started: SimulatedWorld[] = [];
  const sandbox = await createSandbox({
    clock,
    seed,
    auth,
    manifests: [cluster],
    world(api) {
      const world = startWorld(api, { behaviours: parseBehaviours(images) });
      started.push(world);
      return world;
    },
  });
  const [world] = started;
  if (!world) throw new Error('the sandbox did not start its world');
  await world.settle();
  for (const object of documents(healthy)) create(sandbox.api, object);
  world.advance(clock, base.now() - releasedAgoMs - clock.now());
  for (const object of documents(release)) change(sandbox.api, object);
  world.advance(clock, Math.max(0, base.now() - clock.now()));
  clock.release();
  await writeFile(sandbox.kubeconfigPath, inNamespace(sandbox.kubeconfig(), 'shop'), { mode: 0o600 });
  return { ...sandbox, namespace: 'shop', world, problems };
}

function documents(yaml: string): JsonMap[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const value: unknown = document.toJS();
    return isMap(value) ? [value] : [];
  });
}

interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

function placeOf(api: Api, object: JsonMap): Place {
  const info = api.registry.findKind(asText(object.apiVersion), asText(object.kind));
  if (!info) throw new Error(`the demo has a manifest of an unknown kind: ${asText(object.kind)}`);
  const { name, namespace } = asMap(object.metadata);
  return { resource: info.storage, namespace: asText(namespace), name: asText(name) };
}

const appliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const fieldManager = 'kubectl-client-side-apply';

/** Creates an object as `kubectl apply` does. */
function create(api: Api, object: JsonMap): void {
  const metadata = asMap(object.metadata);
  const annotations = { ...asMap(metadata.annotations), [appliedAnnotation]: `${JSON.stringify(object)}\n` };
  api.create(placeOf(api, object).resource, { ...object, metadata: { ...metadata, annotations } }, { fieldManager });
}

/** Changes an object as `kubectl apply` does with a file that was edited. */
function change(api: Api, body: JsonMap): void {
  const { resource, namespace, name } = placeOf(api, body);
  const before: Json = parse(api.find(resource, name, namespace)?.metadata.annotations?.[appliedAnnotation] ?? '{}');
  api.patch(resource, name, namespace, { type: 'strategic', body }, { fieldManager });
  const edited = merged(asMap(before), body);
  api.patch(
    resource,
    name,
    namespace,
    { type: 'merge', body: { metadata: { annotations: { [appliedAnnotation]: `${JSON.stringify(edited)}\n` } } } },
    { fieldManager },
  );
}

/** The configuration with a patch laid over it; lists of named things are merged by name. */
function merged(before: JsonMap, patch: JsonMap): JsonMap {
  const result: JsonMap = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    const old = before[key];
    if (isMap(value) && isMap(old)) result[key] = merged(old, value);
    else if (Array.isArray(value) && Array.isArray(old)) {
      const added = asMaps(value);
      const kept = asMaps(old).map((item) => merged(item, added.find(({ name }) => name === item.name) ?? {}));
      result[key] = [...kept, ...added.filter(({ name }) => !asMaps(old).some((item) => item.name === name))];
    } else if (value !== undefined) result[key] = value;
  }
  return result;
}

function inNamespace(kubeconfig: string, namespace: string): string {
  const config: Json = parse(kubeconfig);
  const contexts = asMaps(asMap(config).contexts).map((entry) => ({ ...entry, context: { ...asMap(entry.context), namespace } }));
  return stringify({ ...asMap(config), contexts });
}
