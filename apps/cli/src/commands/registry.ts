import type { Command } from '../args.ts';
import type { BareCommand, ConfigCommand, RuntimeCommand } from './context.ts';

/** Where the code of a command is; it is loaded when the command runs. */
type Load<T> = () => Promise<T>;

const bare = new Map<Command, Load<BareCommand>>([
  ['init', async () => (await import('./init/init.ts')).init],
  ['doctor', async () => (await import('./doctor/doctor.ts')).doctor],
  ['help', async () => (await import('./help.ts')).help],
  ['version', async () => (await import('./version.ts')).printVersion],
  ['completion', async () => (await import('./completion/completion.ts')).completion],
]);

const early = new Map<Command, Load<ConfigCommand>>([
  ['mcp', async () => (await import('./mcp/mcp.ts')).mcp],
  ['demo', async () => (await import('./demo.ts')).demo],
  ['diagnose', async () => (await import('./diagnose/diagnose.ts')).diagnose],
  ['explain-command', async () => (await import('./explain-command/explain-command.ts')).explain],
  ['config', async () => (await import('./config.ts')).showConfig],
]);

const late = new Map<Command, Load<RuntimeCommand>>([
  ['models', async () => (await import('./models/list-models.ts')).listModels],
  ['model', async () => (await import('./models/show-model.ts')).showModel],
  ['tools', async () => (await import('./tools.ts')).listTools],
  ['sessions', async () => (await import('./sessions/sessions.ts')).sessions],
  ['export', async () => (await import('./export.ts')).exportSession],
  ['resume', async () => (await import('./resume.ts')).resume],
]);

/** A command that runs before the configuration is read; undefined for the others. */
export function bareCommand(command: Command): Load<BareCommand> | undefined {
  return bare.get(command);
}

/** A command that runs before store, model and cluster are put together; undefined for the others. */
export function configCommand(command: Command): Load<ConfigCommand> | undefined {
  return early.get(command);
}

/** A command over the whole program; a question where it is none. */
export function runtimeCommand(command: Command): Load<RuntimeCommand> {
  return late.get(command) ?? (async () => (await import('./question.ts')).question);
}
