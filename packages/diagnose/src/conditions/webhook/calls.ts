import { eventEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { hourMs } from '../../world/durations.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef } from '../../world/world-object.ts';

/** A call of a webhook that failed, as the API server told whoever asked. */
export interface FailedCall {
  readonly webhook: string;
  readonly message: string;
  /** The object for which something was to be made. */
  readonly about: ObjectRef;
  /** When it failed last, in milliseconds. */
  readonly at: number;
  readonly evidence: Evidence;
}

/** The API server's words. */
const failedCall = /failed calling webhook "([^"]+)": (.*)/s;

/** Calls of webhooks that failed within the last hour, by events. */
export function callsOf(world: World): readonly FailedCall[] {
  return [...world.allEvents()].flatMap(({ about, events }) =>
    events
      .filter(({ type, lastAt = 0 }) => type === 'Warning' && world.now - lastAt < hourMs)
      .flatMap((event) => {
        const [, webhook, message] = failedCall.exec(event.message) ?? [];
        return webhook === undefined || message === undefined
          ? []
          : [{ webhook, message, about, at: event.lastAt ?? 0, evidence: eventEvidence(event) }];
      }),
  );
}
