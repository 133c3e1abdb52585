import type { LoadedConfig, Runtime, RuntimeHost } from '@kw/runtime';
import type { CliHost } from '../host.ts';
import type { Messages } from '../messages.ts';
import type { Counter } from './ask.ts';

/** What a command is given. */
export interface CommandContext {
  /** Words after the command's name. */
  readonly words: readonly string[];
  /** Flags that only this command has. */
  readonly own: ReadonlyMap<string, string | true>;
  readonly host: CliHost;
  readonly surroundings: RuntimeHost;
  readonly version: string;
  readonly loaded: LoadedConfig;
  readonly messages: Messages;
}

/** What a command that needs the whole program is given. */
export interface RuntimeContext extends CommandContext {
  readonly runtime: Runtime;
  readonly counter: Counter;
}

/** A command that works without store, model and cluster. Gives the exit code. */
export type ConfigCommand = (context: CommandContext) => Promise<number>;

/** A command over the whole program. Gives the exit code. */
export type RuntimeCommand = (context: RuntimeContext) => Promise<number>;
