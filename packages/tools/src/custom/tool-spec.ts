import type { Effect, Trait } from '@kw/agent';

/** What the calls of a custom tool do, by the first words of their arguments. */
export interface CustomEffectRule {
  /** Beginnings of the argument list, each a list of words; an empty one begins every list. */
  readonly match: readonly (readonly string[])[];
  readonly effect: Effect;
  readonly traits: readonly Trait[];
}

/** A variable that a custom tool gets beside the small environment of every command. */
export interface CustomVariable {
  readonly name: string;
  /** Absent: the value that this process has, where it has one. */
  readonly value?: string;
}

/** A tool of the user's own, as it stands in tools.yaml. */
export interface CustomToolSpec {
  readonly name: string;
  readonly description: string;
  /** The program and the words that always stand behind it. */
  readonly command: readonly [string, ...string[]];
  /** The description of the parameter `command`, as it was written. */
  readonly commandDescription: string;
  readonly isInteractive: boolean;
  readonly effects: readonly CustomEffectRule[];
  readonly env: readonly CustomVariable[];
  readonly timeoutMs?: number;
  /** `path:line`. */
  readonly origin: string;
}
