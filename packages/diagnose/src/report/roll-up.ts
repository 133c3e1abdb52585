import type { Condition, Fault } from '../condition.ts';
import { severities } from '../finding.ts';
import type { Evidence, Finding } from '../finding.ts';
import type { World } from '../world/world.ts';
import { isPlainCommand } from './plain-command.ts';
import { toPlainRef, toReason } from './plain-names.ts';
import { cutLine } from '../world/cut.ts';
import { keyOf } from '../world/world-object.ts';
import type { ObjectRef } from '../world/world-object.ts';

/** A fault with the condition that found it. */
export interface FoundFault {
  readonly condition: Condition;
  readonly fault: Fault;
}

/** A finding that is not yet joined with others. */
export interface Rolled {
  readonly finding: Finding;
  /** Everything that is meant by it: objects and owners. */
  readonly keys: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

const maxEvidence = 8;
/** A selector or a list of names may be as long as an object may be. */
const maxSummaryLength = 700;
const maxObjects = 5;

/** One finding for all objects that have the same fault under the same owner. */
export function rollUp(found: readonly FoundFault[], world: World): readonly Rolled[] {
  const groups = new Map<string, { readonly top: ObjectRef; readonly found: FoundFault[] }>();
  for (const each of found) {
    const top = topOf(each.fault, world);
    const key = `${keyOf(top)}:${each.fault.reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { top, found: [each] });
    else group.found.push(each);
  }
  return [...groups].map(([id, { top, found: same }]) => toRolled({ id, top, found: same }, world));
}

function refOf({ kind, namespace, name }: ObjectRef): ObjectRef {
  return { kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function topOf({ object, rollsUp = true }: Fault, world: World): ObjectRef {
  return refOf(rollsUp ? (chainOf(object, world).at(-1) ?? object) : object);
}

function chainOf(object: ObjectRef, world: World): readonly ObjectRef[] {
  const read = world.find(object);
  return read === undefined ? [] : world.ownersOf(read);
}

interface Group {
  readonly id: string;
  readonly top: ObjectRef;
  readonly found: readonly FoundFault[];
}

function toRolled({ id, top, found }: Group, world: World): Rolled {
  const faults = found.map(({ fault }) => fault);
  const worst = [...found].toSorted((one, other) => order(one.fault) - order(other.fault))[0];
  if (worst === undefined) throw new Error(`no fault for ${id}`);
  const { condition, fault } = worst;
  const objects = [...new Map(faults.map(({ object }) => [keyOf(object), refOf(object)])).values()];
  const since = faults.reduce((first, each) => Math.min(first, each.since ?? Infinity), Infinity);
  const owner = chainOf(fault.object, world).map(toPlainRef);
  const fix = (fault.fix ?? []).filter(isPlainCommand);
  return {
    faults,
    keys: new Set([...objects, ...faults.flatMap(({ object }) => chainOf(object, world))].map(keyOf)),
    finding: {
      id,
      condition: condition.id,
      ...toPlainRef(top),
      reason: toReason(fault.reason),
      severity: fault.severity,
      summary: cutLine(fault.summary, maxSummaryLength),
      evidence: distinct(faults.flatMap(({ evidence }) => evidence)).slice(0, maxEvidence),
      ...(fix.length === 0 ? {} : { fix }),
      owner,
      objects: objects.slice(0, maxObjects).map(toPlainRef),
      count: objects.length,
      explains: 0,
      ...(Number.isFinite(since) ? { since: new Date(since).toISOString() } : {}),
      ...(fault.docs === undefined ? {} : { docs: fault.docs }),
      fingerprint: id,
    },
  };
}

function order({ severity, evidence }: Fault): number {
  return severities.indexOf(severity) * 100 - Math.min(evidence.length, 99);
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const kept = new Map<string, Evidence>();
  for (const each of evidence) {
    const key = `${each.type}\n${each.at}\n${each.value}`;
    const before = kept.get(key);
    if (before === undefined || (each.seenAt ?? '') > (before.seenAt ?? '')) kept.set(key, each);
  }
  return [...kept.values()];
}
