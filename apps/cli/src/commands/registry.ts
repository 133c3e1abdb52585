import type { Command } from '../args.ts';
import type { ConfigCommand, RuntimeCommand } from './context.ts';

/** Where the code of a command is; it is loaded when the command runs. */
type Load<T> = () => Promise<T>;

const early = new Map<Command, Load<ConfigCommand>>([['demo', async () => (await import('./demo.ts')).demo]]);

const late = new Map<Command, Load<RuntimeCommand>>([
  ['models', async () => (await import('./models.ts')).listModels],
  ['model', async () => (await import('./models.ts')).showModel],
  ['resume', async () => (await import('./resume.ts')).resume],
]);

/** A command that runs before store, model and cluster are put together; undefined for the others. */
export function configCommand(command: Command): Load<ConfigCommand> | undefined {
  return early.get(command);
}

/** A command over the whole program; a question where it is none. */
export function runtimeCommand(command: Command): Load<RuntimeCommand> {
  return late.get(command) ?? (async () => (await import('./question.ts')).question);
}
