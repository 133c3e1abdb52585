import type { LoadedConfig, Runtime, RuntimeHost } from '@kw/runtime';
import type { CommandLine } from '../args.ts';
import type { CliHost } from '../host.ts';
import type { Messages } from '../messages.ts';
import type { Counter } from './ask.ts';

/** What a command that reads no configuration is given. */
export interface BareContext {
  readonly line: CommandLine;
  readonly host: CliHost;
  readonly version: string;
  /** The flag's, else the locale's. */
  readonly language: 'en' | 'zh';
}

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

/** A command that works without a configuration, or where it is broken. Gives the exit code. */
export type BareCommand = (context: BareContext) => Promise<number>;

/** A command that works without store, model and cluster. Gives the exit code. */
export type ConfigCommand = (context: CommandContext) => Promise<number>;

/** A command over the whole program. Gives the exit code. */
export type RuntimeCommand = (context: RuntimeContext) => Promise<number>;

/** Whether a command prints JSON: by its own flag or by `--output`. */
export function wantsJson({ own, loaded }: Pick<CommandContext, 'own' | 'loaded'>): boolean {
  return own.has('json') || loaded.config.output !== 'text';
}
