import { isKubeError, KubeError } from '@kw/kube';
import type { KubeClient } from '@kw/kube';
import type { Condition } from './condition.ts';
import { conditions as allConditions } from './conditions/index.ts';
import type { Finding } from './finding.ts';
import { readLog } from './read/read-log.ts';
import { readWorld } from './read/read-world.ts';
import type { ReadProgress } from './read/read-world.ts';
import type { Report } from './report.ts';
import { notCheckedOf } from './report/not-checked.ts';
import { rank } from './report/rank.ts';
import { rollUp } from './report/roll-up.ts';
import type { FoundFault, Rolled } from './report/roll-up.ts';
import { conditionsFor, parseSelector, selectFindings } from './report/select.ts';
import type { Selection } from './report/select.ts';
import type { World } from './world/world.ts';

/** What is looked for, and where. */
export interface DiagnoseOptions extends Selection {
  /** Absent: all namespaces, or those that may be read. */
  readonly namespace?: string | undefined;
  /** The target's own namespace: where to look when a kind may not be listed in all at once. */
  readonly home?: string | undefined;
  /** Groups of conditions that are off by default. */
  readonly include?: readonly 'security'[] | undefined;
  /** The present, in milliseconds; default: the machine's. */
  readonly now?: (() => number) | undefined;
  /** Reads the last lines of containers that a finding points at. Default true. */
  readonly logs?: boolean | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The last event of a diagnosis. */
export interface DiagnoseEnd {
  readonly type: 'report';
  readonly report: Report;
}

/** What a diagnosis yields: how far it is, and at last the report. */
export type DiagnoseEvent = ReadProgress | DiagnoseEnd;

/** Containers whose logs are read. */
const maxLogs = 10;

/**
 * Finds faults by reading the API. What may not be read is listed in the report; KubeError is thrown only where nothing can be read: no way to the
 * server, credentials that it refuses, or a namespace that does not exist (`not-found`).
 */
export async function* diagnose(client: KubeClient, options: DiagnoseOptions = {}): AsyncGenerator<DiagnoseEvent, void, undefined> {
  const { namespace, home, now = Date.now, logs = true, include = [], signal } = options;
  const chosen = conditionsFor(options.conditions ?? allConditions, options.kinds).filter(
    ({ group }) => group === undefined || include.includes(group),
  );
  if (options.selector !== undefined) parseSelector(options.selector); // what is not understood is told before anything is read
  const kinds = [...new Set(chosen.flatMap(({ needs, uses = [] }) => [...needs, ...uses]))];
  if (namespace !== undefined) await checkNamespace(client, namespace, signal);
  const world = yield* readWorld(client, { kinds, namespace, home, now: now(), signal });
  const rolled = rollUp(await findAtLeisure(world, chosen, signal), world);
  const ranked = selectFindings(rank(rolled), world, options);
  const findings = logs ? await withLogs(client, ranked, { rolled, signal }) : ranked;
  yield {
    type: 'report',
    report: {
      at: new Date(world.now).toISOString(),
      ...(world.serverVersion === undefined ? {} : { serverVersion: world.serverVersion }),
      ...(namespace === undefined ? {} : { namespace }),
      findings,
      notChecked: notCheckedOf(world),
      objects: kinds.reduce((sum, kind) => sum + world.all(kind).length, 0),
      conditions: chosen.length,
    },
  };
}

/** A mistyped namespace would seem to be healthy. Who may not ask goes on. */
async function checkNamespace(client: KubeClient, name: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await client.get({ resource: { group: '', version: 'v1', resource: 'namespaces' }, name }, { signal });
  } catch (error) {
    if (isKubeError(error, 'not-found'))
      throw new KubeError('not-found', `There is no namespace ${JSON.stringify(name)} in the cluster.`, { cause: error });
    if (!isKubeError(error, 'forbidden')) throw error;
  }
}

/** The same as {@link diagnose}, without its progress. */
export async function runDiagnosis(client: KubeClient, options: DiagnoseOptions = {}): Promise<Report> {
  for await (const event of diagnose(client, options)) if (event.type === 'report') return event.report;
  throw new Error('the diagnosis ended without a report');
}

/** What the conditions find in a world; one without the kinds that it needs says nothing. */
export function findFaults(world: World, conditions: readonly Condition[]): readonly FoundFault[] {
  return conditions.flatMap((condition) => [...condition.find(world)].map((fault) => ({ condition, fault })));
}

/** The process does other things meanwhile: it stands still for no longer, in milliseconds, and a call that is cancelled ends. */
const restAfterMs = 25;

async function findAtLeisure(
  world: World,
  conditions: readonly Condition[],
  signal: AbortSignal | undefined,
): Promise<readonly FoundFault[]> {
  const found: FoundFault[] = [];
  let restedAt = performance.now();
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    signal?.throwIfAborted();
    restedAt = performance.now();
  };
  for (const condition of conditions) {
    for (const fault of condition.find(world)) {
      found.push({ condition, fault });
      if (performance.now() - restedAt > restAfterMs) await rest();
    }
    if (performance.now() - restedAt > restAfterMs) await rest();
  }
  return found;
}

/** Findings of a world that was read already: rolled up, joined and ranked. */
export function diagnoseWorld(world: World, conditions: readonly Condition[] = allConditions): readonly Finding[] {
  return rank(rollUp(findFaults(world, conditions), world));
}

interface LogScope {
  readonly rolled: readonly Rolled[];
  readonly signal: AbortSignal | undefined;
}

async function withLogs(client: KubeClient, findings: readonly Finding[], { rolled, signal }: LogScope): Promise<readonly Finding[]> {
  const wishes = new Map(
    rolled.flatMap(({ finding, faults }) => faults.flatMap(({ log }) => (log === undefined ? [] : [[finding.id, log] as const]))),
  );
  const asked = findings.filter(({ id }) => wishes.has(id)).slice(0, maxLogs);
  const lines = new Map(
    await Promise.all(
      asked.map(async ({ id }) => {
        const wish = wishes.get(id);
        return [id, wish === undefined ? [] : await readLog(client, wish, signal)] as const;
      }),
    ),
  );
  return findings.map((finding) => ({ ...finding, evidence: [...finding.evidence, ...(lines.get(finding.id) ?? [])] }));
}
