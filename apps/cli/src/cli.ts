import { parseArguments } from './args.ts';
import type { CommandLine } from './args.ts';
import { bareCommand, configCommand, runtimeCommand } from './commands/registry.ts';
import type { CommandContext } from './commands/context.ts';
import { withEndpoint } from './endpoint.ts';
import { usageError } from './errors.ts';
import type { CliHost } from './host.ts';
import { languageOf } from './language.ts';
import { messagesIn } from './messages.ts';
import { nearCommand } from './near-command.ts';
import { safeText } from './render/safe-text.ts';
import { findPreset, loadConfig } from '@kw/runtime';
import type { LoadedConfig } from '@kw/runtime';

/** Runs the program once; resolves to its exit code and never throws. */
export async function runCli(host: CliHost, version: string): Promise<number> {
  if (host.argv[0] === '__complete') return (await import('./commands/completion/complete.ts')).complete(host);
  let language = languageOf(host.argv, host.env);
  try {
    const line = withEndpoint(parseArguments(host.argv), (scheme) => findPreset(scheme) !== undefined);
    const bare = bareCommand(line.command);
    if (bare !== undefined) return await (await bare())({ line, host, version, language });
    const { loaded, line: settled } = await load(line, host);
    language = loaded.config.language;
    const messages = messagesIn(language);
    for (const warning of loaded.warnings) host.stderr.write(`${messages.warning(safeText(warning))}\n`);
    if (loaded.config.showSecrets) host.stderr.write(`${messages.warning(messages.secretsShown)}\n`);
    const surroundings = { env: host.env, home: host.home, userId: host.userId, userName: host.userName, version };
    return await dispatch(settled, { words: settled.words, own: settled.own, host, surroundings, version, loaded, messages });
  } catch (error) {
    const { report } = await import('./report.ts');
    return report(error, language, host);
  }
}

/** Reads the configuration; a provider of the file may be the scheme of a lone positional, too. */
async function load(line: CommandLine, host: CliHost): Promise<{ readonly loaded: LoadedConfig; readonly line: CommandLine }> {
  const read = (flags: CommandLine['flags']): Promise<LoadedConfig> =>
    loadConfig({ env: host.env, home: host.home, flags, readFile: host.readFile });
  const loaded = await read(line.flags);
  const settled = withEndpoint(line, (scheme) => Object.hasOwn(loaded.config.providers, scheme));
  return settled === line ? { loaded, line } : { loaded: await read(settled.flags), line: settled };
}

async function dispatch(line: CommandLine, context: CommandContext): Promise<number> {
  const { command } = line;
  const early = configCommand(command);
  if (early !== undefined) return (await early())(context);
  if (command === 'ask' && context.loaded.config.mcpServer) {
    const { mcpServer } = await import('./commands/mcp-server.ts');
    return mcpServer(context);
  }
  if (command === 'ask') refuseTypo(line, context.host);
  if (command === 'ask' && line.words.length === 0 && context.loaded.config.userInterface === 'html') {
    const { serve } = await import('./commands/serve.ts');
    const { host } = context;
    return serve(context, () => loadConfig({ env: host.env, home: host.home, flags: line.flags, readFile: host.readFile }));
  }
  const [{ withRuntime }, run] = await Promise.all([import('./commands/with-runtime.ts'), runtimeCommand(command)()]);
  return withRuntime(context, run);
}

/** A person who mistypes a command is told so; scripts are never refused. */
function refuseTypo({ words, isQuestion }: CommandLine, host: CliHost): void {
  const [word = ''] = words;
  const near = words.length === 1 && isQuestion !== true ? nearCommand(word) : undefined;
  if (near === undefined || !host.isInteractive()) return;
  throw usageError({
    en: `there is no command ${word}; did you mean ${near}? If it is a question: kubelet-wuhrai -- ${word}`,
    zh: `没有子命令 ${word}；是否应为 ${near}？如果这是问题：kubelet-wuhrai -- ${word}`,
  });
}
