import type { Evidence, Severity } from './finding.ts';
import type { World } from './world/world.ts';
import type { ObjectRef, WorldObject } from './world/world-object.ts';

/** Lines of a container's log that would tell more; they are read for findings only. */
export interface LogWish {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the run before the present one. */
  readonly previous: boolean;
}

/** What a condition finds: a fault at one object. The engine rolls it up to the owner, joins it with its cause and ranks it. */
export interface Fault {
  /** Where it shows. */
  readonly object: WorldObject | ObjectRef;
  /** In UpperCamelCase, stable: for programs. */
  readonly reason: string;
  readonly severity: Severity;
  /** One sentence for people that does not name the object: it stands beside it. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: readonly string[];
  readonly docs?: string;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Objects whose own finding, where there is one, explains this fault. */
  readonly causedBy?: readonly ObjectRef[];
  /** Objects whose findings this fault explains. */
  readonly explains?: readonly ObjectRef[];
  readonly log?: LogWish;
  /** It only repeats what others show: it is left out where another finding explains it. */
  readonly onlyUnexplained?: true;
  /** False: it stays at its object, whoever owns that. Default true. */
  readonly rollsUp?: boolean;
}

/** One way to be broken: a pure function over what was read. */
export interface Condition {
  /** In kebab-case, beginning with the kind. */
  readonly id: string;
  /** The kinds whose objects it reports. */
  readonly kinds: readonly string[];
  /** The kinds without which it says nothing. */
  readonly needs: readonly string[];
  /** The kinds that it looks at where they could be read. */
  readonly uses?: readonly string[];
  /** True: only with `include: ['security']` and the like. */
  readonly group?: 'security';
  find(world: World): Iterable<Fault>;
}
