import { cutText } from './cut.ts';
import { fieldsAt, numberAt, textAt, timeAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { keyOf } from './world-object.ts';

/** What a component told about an object. */
export interface WorldEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** The part of the object that is meant, such as `spec.containers{web}`. */
  readonly fieldPath: string;
  /** The component that says so, such as `kubelet`. */
  readonly source: string;
}

/** Events of everyday life. */
const dull: ReadonlySet<string> = new Set([
  'Scheduled',
  'Pulled',
  'Pulling',
  'Created',
  'Started',
  'SuccessfulCreate',
  'SuccessfulDelete',
  'ScalingReplicaSet',
  'SuccessfulAttachVolume',
  'LeaderElection',
  'AddedInterface',
]);
const maxMessageLength = 1_500;
const maxEventsOfObject = 12;
/** Objects of which something is told; of further ones nothing is kept. */
const maxObjects = 50_000;

/** Events by the key of the object that they are about, the newest last. */
export type EventIndex = ReadonlyMap<string, readonly WorldEvent[]>;

/** Collects events; bounded for each object. */
export function createEventIndex(): { readonly add: (item: Fields) => void; readonly index: EventIndex } {
  const index = new Map<string, WorldEvent[]>();
  return {
    index,
    add: (item) => {
      const event = toEvent(item);
      if (event === undefined) return;
      const about = 'involvedObject' in item ? fieldsAt(item, 'involvedObject') : fieldsAt(item, 'regarding');
      const namespace = textAt(about, 'namespace');
      const key = keyOf({ kind: textAt(about, 'kind'), ...(namespace === '' ? {} : { namespace }), name: textAt(about, 'name') });
      if (!index.has(key) && index.size >= maxObjects) return;
      const events = index.get(key) ?? [];
      const same = events.findIndex(({ reason, message }) => reason === event.reason && message === event.message);
      const before = same === -1 ? undefined : events.splice(same, 1)[0];
      const kept = before === undefined ? event : joined(before, event);
      const at = events.findIndex(({ lastAt }) => (lastAt ?? 0) > (kept.lastAt ?? 0));
      events.splice(at === -1 ? events.length : at, 0, kept);
      if (events.length > maxEventsOfObject) events.shift();
      index.set(key, events);
    },
  };
}

function joined(one: WorldEvent, other: WorldEvent): WorldEvent {
  const [older, newer] = (one.lastAt ?? 0) <= (other.lastAt ?? 0) ? [one, other] : [other, one];
  return { ...newer, count: one.count + other.count, firstAt: older.firstAt ?? newer.firstAt };
}

function toEvent(item: Fields): WorldEvent | undefined {
  const reason = textAt(item, 'reason');
  if (dull.has(reason)) return undefined;
  const created = timeAt(item, 'metadata.creationTimestamp');
  const eventTime = timeAt(item, 'eventTime');
  const lastAt = timeAt(item, 'series.lastObservedTime') ?? timeAt(item, 'lastTimestamp') ?? timeAt(item, 'deprecatedLastTimestamp');
  return {
    type: textAt(item, 'type'),
    reason,
    message: cutText(textAt(item, 'message') || textAt(item, 'note'), maxMessageLength),
    count: numberAt(item, 'series.count') ?? numberAt(item, 'count') ?? numberAt(item, 'deprecatedCount') ?? 1,
    firstAt: timeAt(item, 'firstTimestamp') ?? eventTime ?? created,
    lastAt: lastAt ?? eventTime ?? created,
    fieldPath: textAt(item, 'involvedObject.fieldPath') || textAt(item, 'regarding.fieldPath'),
    source: textAt(item, 'source.component') || textAt(item, 'reportingComponent') || textAt(item, 'reportingController'),
  };
}
