import { parseArguments } from './args.ts';
import type { CommandLine } from './args.ts';
import { configCommand, runtimeCommand } from './commands/registry.ts';
import type { CommandContext, RuntimeCommand } from './commands/context.ts';
import { exitCodeOfError, exitCodes } from './exit-code.ts';
import type { CliHost } from './host.ts';
import { messagesIn } from './messages.ts';
import { safeText } from './render/safe-text.ts';
import { isKwError, loadConfig } from '@kw/runtime';

type Language = 'en' | 'zh';

/** Runs the program once; resolves to its exit code and never throws. */
export async function runCli(host: CliHost, version: string): Promise<number> {
  let language: Language = /^zh/i.test(host.env['LC_ALL'] || host.env['LC_MESSAGES'] || host.env['LANG'] || '') ? 'zh' : 'en';
  try {
    const line = parseArguments(host.argv);
    if (line.flags.lang === 'zh' || line.flags.lang === 'en') language = line.flags.lang;
    if (line.command === 'version') {
      host.stdout.write(`${version}\n`);
      return exitCodes.answered;
    }
    if (line.command === 'help') {
      const { helpText } = await import('./help.ts');
      host.stdout.write(helpText(language, version, host.stdout.columns()));
      return exitCodes.answered;
    }
    const loaded = await loadConfig({ env: host.env, home: host.home, flags: line.flags, readFile: host.readFile });
    language = loaded.config.language;
    const messages = messagesIn(language);
    for (const warning of loaded.warnings) host.stderr.write(`${messages.warning(warning)}\n`);
    if (loaded.config.showSecrets) host.stderr.write(`${messages.warning(messages.secretsShown)}\n`);
    const surroundings = { env: host.env, home: host.home, userId: host.userId, userName: host.userName, version };
    return await dispatch(line, { words: line.words, own: line.own, host, surroundings, version, loaded, messages });
  } catch (error) {
    return report(error, language, host);
  }
}

async function report(error: unknown, language: Language, host: CliHost): Promise<number> {
  if (host.interrupt.aborted) return exitCodes.interrupted;
  const messages = messagesIn(language);
  if (isKwError(error)) {
    host.stderr.write(`${messages.failed(safeText(error.message))}\n`);
    if (error.code === 'api-key-not-found') host.stderr.write(`${messages.withoutKey}\n`);
    return exitCodeOfError(error.code);
  }
  host.stderr.write(`${messages.failed(safeText(error instanceof Error ? error.message : String(error)))}\n`);
  if (host.env['KW_DEBUG'] && error instanceof Error) host.stderr.write(`${error.stack ?? ''}\n`);
  return exitCodes.failed;
}

async function dispatch(line: CommandLine, context: CommandContext): Promise<number> {
  const { command } = line;
  const early = configCommand(command);
  if (early !== undefined) return (await early())(context);
  if (command === 'ask' && line.words.length === 0 && context.loaded.config.userInterface === 'html') {
    const { serve } = await import('./commands/serve.ts');
    return serve(context);
  }
  const [{ withRuntime }, run] = await Promise.all([import('./commands/with-runtime.ts'), loadRuntimeCommand(command)]);
  return withRuntime(context, run);
}

async function loadRuntimeCommand(command: CommandLine['command']): Promise<RuntimeCommand> {
  return runtimeCommand(command)();
}
