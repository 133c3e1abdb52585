import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf } from '../../api/object.ts';
import { asMap, asText } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { unless } from '../context.ts';

/** Events are kept for an hour after they last happened, as by the API server's default. */
const keptMs = 3_600_000;
const sweepMs = 600_000;
const name = 'event-expiry';

/** Forgets old Events. */
export function eventExpiry(context: WorldContext): Controller {
  const { api, cache } = context;
  const lastSeen = (event: KubeObject): number =>
    Date.parse(
      asText(asMap(event.series).lastObservedTime) ||
        asText(event.lastTimestamp) ||
        asText(event.eventTime) ||
        (event.metadata.creationTimestamp ?? ''),
    );
  let watching = false;
  const sweepLater = (): void => {
    watching = true;
    context.later(name, 'sweep', sweepMs);
  };
  return {
    name,
    keys({ resource, type }) {
      if (resource.storage === 'events' && type === 'added' && !watching) sweepLater();
      return [];
    },
    sync() {
      const limit = api.clock.now() - keptMs;
      const old = cache.all('events').filter((event) => lastSeen(event) < limit);
      for (const event of old) unless(['NotFound'], () => api.delete('events', nameOf(event), namespaceOf(event)));
      watching = false;
      if (cache.all('events').length > 0) sweepLater();
    },
  };
}
