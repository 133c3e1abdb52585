import { isApiError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { nameOf, namespaceOf } from '../api/object.ts';
import type { Api } from '../api/types.ts';
import { microTimestamp, timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asNumber } from '../json.ts';

/** What happened to an object. */
interface Happening {
  readonly object: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who says so: `deployment-controller`, `kubelet`. */
  readonly component: string;
  /** The node of a kubelet. */
  readonly host?: string;
  /** The container: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** Writes Events the way the clients of Kubernetes do: counted, combined and limited. */
export interface EventRecorder {
  record(happening: Happening): void;
  /** The newer kind of event that the scheduler writes: no count but a series. */
  series(happening: Happening & { readonly action: string }): void;
}

/** After this many different messages of one reason, they are combined. */
const combineAfter = 10;
/** Within this time. */
const combineWithinMs = 600_000;
/** Events that an object may cause at once, and the time in which one more becomes due. */
const burst = 25;
const refillMs = 300_000;

interface Known {
  readonly name: string;
  readonly namespace: string;
}

/** A recorder that writes to the API; what it can't write (a namespace that ends) is lost, as with a real client. */
export function createEventRecorder(api: Api): EventRecorder {
  const known = new Map<string, Known>();
  const similar = new Map<string, { last: number; readonly messages: Set<string> }>();
  const buckets = new Map<string, { tokens: number; filled: number }>();
  let serial = 0;

  const eventName = (object: KubeObject): string => {
    const nanos = BigInt(Math.floor(api.clock.now())) * 1_000_000n + BigInt(serial++ % 1_000_000);
    return `${nameOf(object)}.${nanos.toString(16).padStart(16, '0')}`;
  };
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!isApiError(error)) throw error;
    }
  };
  const allowed = (key: string): boolean => {
    const now = api.clock.now();
    const bucket = buckets.get(key) ?? { tokens: burst, filled: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filled) / refillMs);
    bucket.filled = now;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
  const combined = (key: string, message: string): boolean => {
    const now = api.clock.now();
    const entry = similar.get(key);
    if (!entry || now - entry.last > combineWithinMs) {
      similar.set(key, { last: now, messages: new Set([message]) });
      return false;
    }
    entry.last = now;
    entry.messages.add(message);
    return entry.messages.size >= combineAfter;
  };
  const reference = ({ object, fieldPath }: Happening): JsonMap => ({
    kind: object.kind,
    ...(namespaceOf(object) === '' ? {} : { namespace: namespaceOf(object) }),
    name: nameOf(object),
    uid: object.metadata.uid,
    apiVersion: object.apiVersion,
    resourceVersion: object.metadata.resourceVersion,
    ...(fieldPath ? { fieldPath } : {}),
  });

  return {
    record(happening) {
      const { object, type, reason, component, host, fieldPath } = happening;
      const namespace = namespaceOf(object) || 'default';
      const about = [component, host ?? '', object.kind, namespaceOf(object), nameOf(object), object.metadata.uid ?? ''].join('|');
      const group = [about, fieldPath ?? '', type, reason].join('|');
      const together = combined(group, happening.message);
      const message = together ? `(combined from similar events): ${happening.message}` : happening.message;
      if (!allowed(about)) return;
      const now = timestamp(api.clock.now());
      const key = together ? `${group}|combined` : `${group}|${message}`;
      const earlier = known.get(key);
      const event = earlier && api.find('events', earlier.name, earlier.namespace);
      attempt(() => {
        if (event) {
          api.update('events', { ...event, message, lastTimestamp: now, count: asNumber(event.count) + 1 }, { fieldManager: component });
          return;
        }
        const source = host ? { component, host } : { component };
        const created = api.create(
          'events',
          {
            apiVersion: 'v1',
            kind: 'Event',
            metadata: { name: eventName(object), namespace },
            involvedObject: reference(happening),
            reason,
            message,
            source,
            firstTimestamp: now,
            lastTimestamp: now,
            count: 1,
            type,
            eventTime: null,
            reportingComponent: component,
            reportingInstance: host ?? '',
          },
          { fieldManager: component },
        );
        known.set(key, { name: nameOf(created), namespace });
      });
    },
    series(happening) {
      const { object, type, reason, message, component, action } = happening;
      const namespace = namespaceOf(object) || 'default';
      const regarding = reference(happening);
      const key = JSON.stringify([component, type, reason, action, regarding]);
      const earlier = known.get(key);
      const event = earlier && api.find('events', earlier.name, earlier.namespace);
      const now = microTimestamp(api.clock.now());
      attempt(() => {
        if (event) {
          const count = asNumber(asMap(event.series).count, 1) + 1;
          api.update('events', { ...event, series: { count, lastObservedTime: now } }, { fieldManager: 'kube-scheduler' });
          return;
        }
        const created = api.create(
          'events',
          {
            apiVersion: 'v1',
            kind: 'Event',
            metadata: { name: eventName(object), namespace },
            involvedObject: regarding,
            reason,
            message,
            source: {},
            firstTimestamp: null,
            lastTimestamp: null,
            type,
            eventTime: now,
            action,
            reportingComponent: component,
            reportingInstance: `${component}-sandbox`,
          },
          { fieldManager: 'kube-scheduler' },
        );
        known.set(key, { name: nameOf(created), namespace });
      });
    },
  };
}
