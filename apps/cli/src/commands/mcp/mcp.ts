import type { McpAdmin } from '@kw/runtime';
import { KwError, nearNames, openMcpAdmin } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { exitCodes } from '../../exit-code.ts';
import { safeText } from '../../render/safe-text.ts';
import { columns } from '../columns.ts';
import type { CommandContext } from '../context.ts';
import { wantsJson } from '../context.ts';
import type { McpMessages } from './messages.ts';
import { mcpMessagesIn } from './messages.ts';
import { snippets } from './snippets.ts';
import { jsonText } from '../../render/json-text.ts';

interface Scope {
  readonly context: CommandContext;
  readonly admin: McpAdmin;
  readonly messages: McpMessages;
}

/** Looks after MCP servers: how each stands, its tools, a test, trust, a sign-in; and prints entries for other clients. */
export async function mcp(context: CommandContext): Promise<number> {
  const { host, loaded, surroundings, words } = context;
  const [subcommand = 'status', name] = words;
  const messages = mcpMessagesIn(loaded.config.language);
  if (subcommand === 'snippet') return printSnippet(name, context, messages);
  const admin = await openMcpAdmin(loaded.config, surroundings, (text) => host.stderr.write(`${safeText(text)}\n`));
  try {
    for (const warning of admin.warnings) host.stderr.write(`${context.messages.warning(safeText(warning))}\n`);
    return await run(subcommand, name, { context, admin, messages });
  } finally {
    await admin.close();
  }
}

async function run(subcommand: string, name: string | undefined, scope: Scope): Promise<number> {
  switch (subcommand) {
    case 'status':
      return status(scope);
    case 'tools':
      return tools(scope);
    case 'test':
      return test(named(name, subcommand), scope);
    case 'trust':
      return trust(named(name, subcommand), scope);
    case 'login':
      return login(named(name, subcommand), scope);
    default:
      throw new KwError('bad-usage', `there is no ${JSON.stringify(subcommand)} of mcp`);
  }
}

function named(name: string | undefined, subcommand: string): string {
  if (name !== undefined) return name;
  throw usageError({ en: mcpMessagesIn('en').which(subcommand), zh: mcpMessagesIn('zh').which(subcommand) });
}

async function status({ context, admin, messages }: Scope): Promise<number> {
  const { host } = context;
  const servers = await admin.status(host.interrupt);
  if (wantsJson(context)) {
    host.stdout.write(`${jsonText({ file: admin.path, servers }, 2)}\n`);
    return exitCodes.answered;
  }
  if (servers.length === 0) {
    host.stdout.write(`${admin.exists ? messages.noServers(admin.path) : messages.noFile(admin.path)}\n`);
    return exitCodes.answered;
  }
  host.stdout.write(`${messages.file(admin.path)}\n`);
  const rows = servers.map(({ name, transport, state, tools: names, changedTools, error, place }) => [
    safeText(name),
    transport,
    messages.states[state],
    messages.tools(names.length),
    [
      safeText(place),
      ...(error === undefined ? [] : [oneLine(error)]),
      ...(changedTools.length === 0 ? [] : [messages.changed(safeText(changedTools.join(', ')))]),
    ].join(' · '),
  ]);
  for (const line of columns(rows)) host.stdout.write(`${line}\n`);
  return exitCodes.answered;
}

async function tools({ context, admin }: Scope): Promise<number> {
  const { host } = context;
  const found = await admin.tools(host.interrupt);
  if (wantsJson(context)) {
    host.stdout.write(`${jsonText(found, 2)}\n`);
    return exitCodes.answered;
  }
  const rows = found.map(({ name, server, description }) => [safeText(name), safeText(server), oneLine(description)]);
  for (const line of columns(rows, host.stdout.isTTY ? host.stdout.columns() : undefined)) host.stdout.write(`${line}\n`);
  return exitCodes.answered;
}

async function test(name: string, { context, admin, messages }: Scope): Promise<number> {
  const { host } = context;
  const found = await admin.test(name, host.interrupt);
  if (wantsJson(context)) host.stdout.write(`${jsonText(found, 2)}\n`);
  else host.stdout.write(`${messages.tested(safeText(found.server), found.tools.length, found.connectMs, found.pingMs)}\n`);
  return exitCodes.answered;
}

async function trust(name: string, { context, admin, messages }: Scope): Promise<number> {
  const { host } = context;
  const { place } = admin.look(name);
  if (host.canAsk()) {
    const answer = await host.ask(messages.trustQuestion(safeText(name), safeText(place)), host.interrupt);
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) {
      host.stderr.write(`${messages.notTrusted}\n`);
      return exitCodes.answered;
    }
  }
  const approved = await admin.trust(name, host.interrupt);
  host.stdout.write(`${messages.trusted(safeText(name), approved.length)}\n`);
  for (const line of columns(approved.map((tool) => [`  ${safeText(tool.name)}`, oneLine(tool.description)])))
    host.stdout.write(`${line}\n`);
  return exitCodes.answered;
}

async function login(name: string, { context, admin, messages }: Scope): Promise<number> {
  const { host } = context;
  const open = async (page: URL): Promise<void> => {
    host.stderr.write(`${messages.openPage}\n${safeText(page.href)}\n`);
  };
  const ended = await admin.login(name, open, host.interrupt);
  host.stdout.write(`${ended === 'already' ? messages.alreadySignedIn(safeText(name)) : messages.signedIn(safeText(name))}\n`);
  return exitCodes.answered;
}

function printSnippet(client: string | undefined, context: CommandContext, messages: McpMessages): number {
  const { host } = context;
  const clients = snippets.map((snippet) => snippet.client);
  const found = snippets.find((snippet) => snippet.client === client);
  if (found === undefined) {
    const [near] = nearNames(client ?? '', clients);
    const ask = (language: 'en' | 'zh'): string => mcpMessagesIn(language).whichClient(clients.join(', '));
    throw usageError({ en: ask('en') + (near === undefined ? '' : `; did you mean ${near}?`), zh: ask('zh') });
  }
  // What goes into the file is on standard output alone.
  host.stderr.write(`${messages.into(found.file)}\n`);
  host.stdout.write(`${jsonText(found.json, 2)}\n`);
  if (found.command !== undefined) host.stderr.write(`${messages.orRun} ${found.command}\n`);
  return exitCodes.answered;
}

function oneLine(text: string): string {
  return safeText(text).replaceAll(/\s+/g, ' ').trim();
}
