import { parseArguments } from './args.ts';
import type { CommandLine } from './args.ts';
import { exitCodeOfError, exitCodes } from './exit-code.ts';
import type { Counter } from './commands/ask.ts';
import type { CliHost } from './host.ts';
import { messagesIn } from './messages.ts';
import type { Messages } from './messages.ts';
import { safeText } from './render/safe-text.ts';
import { isKwError, KwError, loadConfig } from '@kw/runtime';
import type { LoadedConfig, Runtime } from '@kw/runtime';

/** Runs the program once; resolves to its exit code and never throws. */
export async function runCli(host: CliHost, version: string): Promise<number> {
  let language: 'en' | 'zh' = /^zh/i.test(host.env['LC_ALL'] || host.env['LC_MESSAGES'] || host.env['LANG'] || '') ? 'zh' : 'en';
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
    return await dispatch(line, loaded, { host, version });
  } catch (error) {
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
}

interface Scope {
  readonly host: CliHost;
  readonly version: string;
}

async function dispatch(line: CommandLine, { config }: LoadedConfig, { host, version }: Scope): Promise<number> {
  const surroundings = { env: host.env, home: host.home, userId: host.userId, userName: host.userName, version };
  if (line.command === 'demo') {
    const { demo } = await import('./commands/demo.ts');
    return demo(line.words.join(' '), config, { host, surroundings });
  }
  const [{ createRuntime }, { openCounter }] = await Promise.all([import('@kw/runtime'), import('./commands/ask.ts')]);
  const serves = line.command === 'ask' && line.words.length === 0 && config.userInterface === 'html';
  const counter = serves ? undefined : openCounter(config, host);
  const runtime = await createRuntime(config, surroundings, {
    ...(counter?.approve === undefined ? {} : { approve: counter.approve, approvalWaitMs: Number.POSITIVE_INFINITY }),
    // Where nobody can be asked, a question that was asked earlier goes on waiting for `resume`.
    ...(counter !== undefined && counter.approve === undefined ? { approvalWaitMs: 0 } : {}),
    ...(serves ? { drainMs } : { leaseTtlMs }),
  });
  try {
    for (const warning of runtime.warnings) host.stderr.write(`${messagesIn(config.language).warning(safeText(warning))}\n`);
    if (counter === undefined) {
      const { serve } = await import('./commands/serve.ts');
      return await serve(runtime, host, version);
    }
    return await runCommand(line, runtime, { host, counter });
  } finally {
    await runtime.close();
  }
}

async function runCommand(line: CommandLine, runtime: Runtime, at: { readonly host: CliHost; readonly counter: Counter }): Promise<number> {
  switch (line.command) {
    case 'models':
    case 'model': {
      const { listModels } = await import('./commands/models.ts');
      return listModels(line.command, runtime, at.host);
    }
    case 'resume': {
      const { resume } = await import('./commands/resume.ts');
      return resume(line.words[0], runtime, at);
    }
    default:
      return question(line.words.join(' '), runtime, at);
  }
}

async function question(words: string, runtime: Runtime, at: { readonly host: CliHost; readonly counter: Counter }): Promise<number> {
  const [{ runAndShow }, { composeQuery }, piped] = await Promise.all([
    import('./commands/ask.ts'),
    import('@kw/agent'),
    readInput(at.host, messagesIn(runtime.config.language)),
  ]);
  const text = composeQuery(words, piped);
  if (text.trim() === '') throw new KwError('bad-usage', messagesIn(runtime.config.language).noQuestion);
  runtime.models.check();
  return runAndShow({ type: 'question', text }, runtime, at);
}

/** Reads what is piped; where nothing ends it for a while, says what is waited for. */
async function readInput(host: CliHost, messages: Messages): Promise<string | undefined> {
  const hint = setTimeout(() => host.stderr.write(`${messages.waitingForInput}\n`), hintAfterMs);
  try {
    return await host.readPiped();
  } finally {
    clearTimeout(hint);
  }
}

const hintAfterMs = 3_000;

/** Short, so that `resume` after a crash need not wait long; an effect starts only with 10 s left. */
const leaseTtlMs = 15_000;

/** How long the service lets turns end when it is told to stop. */
const drainMs = 8_000;
