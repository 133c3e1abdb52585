import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { createEventIndex } from '../src/world/event.ts';
import { isFields, listAt, textAt, textsAt, valueAt } from '../src/world/fields.ts';
import type { Fields } from '../src/world/fields.ts';
import { kindSources } from '../src/world/kinds.ts';
import { createTrim } from '../src/world/trim.ts';
import { createWorld } from '../src/world/world.ts';
import type { Reading, World } from '../src/world/world.ts';
import { toWorldObject } from '../src/world/world-object.ts';
import type { WorldObject } from '../src/world/world-object.ts';

/** A fixture: a world with a fault, its healthy twin, and what is to be found. */
export interface Fixture {
  /** Its path below `fixtures`. */
  readonly file: string;
  /** The conditions that it is about. */
  readonly conditions: readonly string[];
  readonly fault: World;
  readonly healthy: World;
  readonly expect: readonly Expected[];
}

/** What a finding must say. */
export interface Expected {
  readonly object: string;
  readonly reason: string;
  readonly severity: string;
  /** Each must stand in summary, evidence or fix. */
  readonly says: readonly string[];
  /** The id of its cause, where it must have one. */
  readonly cause: string;
}

const folder = fileURLToPath(new URL('fixtures/', import.meta.url));
const defaultNow = '2026-01-01T12:00:00Z';

/** All fixtures of the folder. */
export function readFixtures(): readonly Fixture[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => toFixture(file, parse(readFileSync(`${folder}${file}`, 'utf8'), { merge: true })));
}

function toFixture(file: string, text: unknown): Fixture {
  const unreadable = textsAt(text, 'unreadable');
  const now = Date.parse(textAt(text, 'now') || defaultNow);
  const both = listAt(text, 'both');
  const worldOf = (name: string): World =>
    toWorld([...both, ...listAt(text, name)], { now, unreadable, serverVersion: textAt(text, 'serverVersion') });
  const conditions = textsAt(text, 'conditions');
  if (conditions.length === 0) throw new Error(`${file} names no conditions`);
  if (!Array.isArray(valueAt(text, 'expect'))) throw new Error(`${file} expects nothing`);
  return {
    file,
    conditions,
    fault: worldOf('fault'),
    healthy: worldOf('healthy'),
    expect: listAt(text, 'expect').map((each) => ({
      object: textAt(each, 'object'),
      reason: textAt(each, 'reason'),
      severity: textAt(each, 'severity'),
      says: textsAt(each, 'says'),
      cause: textAt(each, 'cause'),
    })),
  };
}

interface WorldScope {
  readonly now: number;
  readonly unreadable: readonly string[];
  readonly serverVersion: string;
}

/** The same way as from a server: trimmed, indexed, and with what may not be read left out. */
function toWorld(items: readonly Fields[], { now, unreadable, serverVersion }: WorldScope): World {
  const trim = createTrim();
  const events = createEventIndex();
  const objects = new Map<string, WorldObject[]>();
  for (const item of items) {
    const kind = textAt(item, 'worldKind') || textAt(item, 'kind');
    if (!kindSources.has(kind)) throw new Error(`${kind} is no kind of the table in src/world/kinds.ts`);
    if (unreadable.includes(kind)) continue;
    const { worldKind: _kind, ...rest } = withDefaults(item, kind, now);
    if (kind === 'Event') {
      events.add(rest);
      continue;
    }
    const object = toWorldObject(trim(kind)(rest), kind, textAt(item, 'apiVersion'));
    if (object !== undefined) objects.set(kind, [...(objects.get(kind) ?? []), object]);
  }
  const readings = new Map<string, Reading>([...kindSources.keys()].map((kind) => [kind, unreadable.includes(kind) ? 'failed' : 'read']));
  return createWorld({
    now,
    serverVersion: serverVersion || undefined,
    objects,
    events: events.index,
    readings,
    notRead: unreadable.map((kind) => ({ kind, code: 'forbidden', message: `${kind} is forbidden` })),
  });
}

const dayMs = 86_400_000;

/** Objects of a fixture are a day old and owned by uid `KIND/NAME` unless they say otherwise; `ago: 5m` sets the time of an event. */
function withDefaults(item: Fields, kind: string, now: number): Fields {
  const metadata = isFields(item['metadata']) ? item['metadata'] : {};
  const created = new Date(now - (kind === 'Event' ? 60_000 : dayMs)).toISOString();
  const owners = listAt(metadata, 'ownerReferences').map((owner) => ({
    controller: true,
    uid: `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`,
    ...owner,
  }));
  return {
    ...item,
    metadata: {
      creationTimestamp: created,
      uid: `${textAt(item, 'kind')}/${textAt(metadata, 'name')}`,
      ...metadata,
      ...(owners.length === 0 ? {} : { ownerReferences: owners }),
    },
  };
}
