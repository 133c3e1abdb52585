import { isKwError, KwError, loadInspector } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { exitCodes } from '../../exit-code.ts';
import { safeText } from '../../render/safe-text.ts';
import type { BareContext } from '../context.ts';
import { diffLines, renderDiff } from './diff.ts';
import { draft, pathOfFile } from './draft.ts';
import type { DraftSource } from './draft.ts';
import { left } from './left.ts';
import { initMessagesIn } from './messages.ts';
import { writePrivateFile } from './write-file.ts';

/** Sets the program up: asks on a terminal, or takes what is given with `--yes`; tries it and writes the configuration file, 0600. Nothing is half-written. */
export async function init({ line, host, version, language }: BareContext): Promise<number> {
  const asks = !line.own.has('yes') && host.isInteractive();
  if (!asks && !line.own.has('yes')) throw withoutTerminal();
  const path = pathOfFile(line, host);
  const source: DraftSource = { path, before: (await host.readFile(path))?.text ?? '', line, host };
  await refuseBroken(source);
  const inspector = await loadInspector();
  const surroundings = { env: host.env, home: host.home, userId: host.userId, userName: host.userName, version };
  if (!asks) {
    const { takeSetup } = await import('./unasked.ts');
    const changes = await takeSetup({ source, inspector, surroundings });
    const { text } = await draft(source, changes);
    await writePrivateFile(path, text, `${Math.round(host.monotonic())}`);
    host.stdout.write(`${initMessagesIn(language).written(path)}\n`);
    return exitCodes.answered;
  }
  const [{ askSetup }, { terminalPrompts }] = await Promise.all([import('./wizard.ts'), import('./prompts.ts')]);
  const words = initMessagesIn(language);
  const prompts = terminalPrompts(words.yes, words.no);
  prompts.say(words.title, 'title');
  const setup = await askSetup({ prompts, inspector, source, surroundings, language });
  if (setup === left) return nothingWritten();
  const messages = initMessagesIn(setup.language);
  const { text } = await draft(source, setup.changes);
  if (text === source.before) {
    prompts.say(messages.unchanged(path), 'end');
    return exitCodes.answered;
  }
  const secrets = Object.values(setup.changes.apiKeys ?? {});
  prompts.say(`${messages.changes(path)}\n${renderDiff(diffLines(source.before, text), secrets).map(safeText).join('\n')}`, 'info');
  if (source.before !== '' && (await prompts.confirm(messages.overwrite, true)) !== true) return nothingWritten();
  await writePrivateFile(path, text, `${Math.round(host.monotonic())}`);
  prompts.say(messages.written(path), 'ok');
  prompts.say(messages.next, 'end');
  return exitCodes.answered;

  function nothingWritten(): number {
    prompts.say(initMessagesIn(language).nothingWritten, 'end');
    return exitCodes.interrupted;
  }
}

/** What can not be read can not be kept: it is said before the first question. */
async function refuseBroken(source: DraftSource): Promise<void> {
  try {
    await draft(source, { values: {} });
  } catch (error) {
    if (!isKwError(error)) throw error;
    throw new KwError(error.code, `${error.message} (put it right first, or move ${source.path} away)`, {
      cause: error,
      details: error.details,
    });
  }
}

function withoutTerminal(): Error {
  return usageError({
    en: 'init asks its questions on a terminal. Elsewhere: kubelet-wuhrai init --llm-provider=deepseek --yes, with the key in its variable or on standard input',
    zh: 'init 需要在终端中询问。否则请使用：kubelet-wuhrai init --llm-provider=deepseek --yes，密钥放在环境变量或标准输入中',
  });
}
