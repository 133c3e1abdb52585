import type { SessionSummary } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { exitCodes } from '../../exit-code.ts';
import { safeText } from '../../render/safe-text.ts';
import { columns } from '../columns.ts';
import type { RuntimeContext } from '../context.ts';
import { wantsJson } from '../context.ts';
import { sessionMessagesIn } from './messages.ts';
import type { SessionMessages } from './messages.ts';
import { renderSession, timeOf } from './render-session.ts';
import { jsonText } from '../../render/json-text.ts';

/** Lists, shows, renames or deletes sessions of this user. */
export async function sessions(context: RuntimeContext): Promise<number> {
  const [subcommand = 'list', ...words] = context.words;
  const messages = sessionMessagesIn(context.loaded.config.language);
  switch (subcommand) {
    case 'show':
      return showSession(named(words, subcommand), context, messages);
    case 'rename':
      return renameSession(named(words, subcommand), words.slice(1).join(' '), context);
    case 'delete':
      named(words, subcommand);
      return deleteSessions(words, context, messages);
    default:
      return listSessions(words.join(' '), context, messages);
  }
}

function named([name]: readonly string[], subcommand: string): string {
  if (name !== undefined) return name;
  throw usageError({ en: sessionMessagesIn('en').which(subcommand), zh: sessionMessagesIn('zh').which(subcommand) });
}

async function listSessions(search: string, context: RuntimeContext, messages: SessionMessages): Promise<number> {
  const { host, runtime } = context;
  const found = await runtime.sessionsApi.list(search === '' ? {} : { search });
  if (wantsJson(context)) {
    host.stdout.write(`${jsonText(found, 2)}\n`);
    return exitCodes.answered;
  }
  if (found.length === 0) {
    host.stderr.write(`${search === '' ? messages.none : messages.noneFound(search)}\n`);
    return exitCodes.answered;
  }
  const rows = found.map((session) => rowOf(session, messages));
  for (const line of columns(rows, host.stdout.isTTY ? host.stdout.columns() : undefined)) host.stdout.write(`${line}\n`);
  if (host.stdout.isTTY) host.stderr.write(`${messages.hint}\n`);
  return exitCodes.answered;
}

function rowOf({ id, updatedAt, status, title }: SessionSummary, messages: SessionMessages): readonly string[] {
  return [id, timeOf(updatedAt), messages.status[status], safeText(title)];
}

async function showSession(name: string, context: RuntimeContext, messages: SessionMessages): Promise<number> {
  const { host, runtime } = context;
  const session = await runtime.sessionsApi.show(name);
  host.stdout.write(
    wantsJson(context) ? `${jsonText(session, 2)}\n` : await renderSession(session, host, { messages, words: context.messages }),
  );
  return exitCodes.answered;
}

async function renameSession(name: string, title: string, context: RuntimeContext): Promise<number> {
  const { host, runtime, loaded } = context;
  if (title.trim() === '') throw usageError({ en: sessionMessagesIn('en').noTitle, zh: sessionMessagesIn('zh').noTitle });
  const renamed = await runtime.sessionsApi.rename(name, title);
  const line = sessionMessagesIn(loaded.config.language).renamed(renamed.id, renamed.title);
  host.stdout.write(wantsJson(context) ? `${jsonText(renamed, 2)}\n` : `${safeText(line)}\n`);
  return exitCodes.answered;
}

/** On a terminal it is asked first, once for all of them. */
async function deleteSessions(names: readonly string[], context: RuntimeContext, messages: SessionMessages): Promise<number> {
  const { host, runtime, own } = context;
  const found = await Promise.all(names.map((name) => runtime.sessionsApi.find(name)));
  const unique = [...new Map(found.map((session) => [session.id, session])).values()];
  if (!own.has('yes') && host.canAsk()) {
    const lines = columns(unique.map((session) => rowOf(session, messages)));
    const answer = (await host.ask(messages.confirm(lines), host.interrupt))?.trim().toLowerCase();
    if (host.interrupt.aborted) return exitCodes.interrupted;
    if (answer !== 'y' && answer !== 'yes') {
      host.stderr.write(`${messages.kept}\n`);
      return exitCodes.failed;
    }
  }
  const deleted: SessionSummary[] = [];
  for (const { id } of unique) deleted.push(await runtime.sessionsApi.delete(id));
  if (wantsJson(context)) host.stdout.write(`${jsonText(deleted, 2)}\n`);
  else for (const { id } of deleted) host.stdout.write(`${messages.deleted(id)}\n`);
  return exitCodes.answered;
}
