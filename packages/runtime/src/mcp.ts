import type { Tool } from '@kw/agent';
import type { JsonObject } from '@kw/providers';
import type { McpManager } from '@kw/mcp';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { loadMcpServers } from './mcp-load.ts';
import { createQuestions } from './mcp-questions.ts';

/** What a server asks a person for: text and the fields that are wished for. */
export interface McpQuestion {
  readonly server: string;
  readonly message: string;
  /** JSON Schema of an object of plain fields. */
  readonly schema: JsonObject;
}

/** What may differ for those who use the servers' tools in runs. */
export interface McpEquipmentOptions {
  /** Names of tools that no server's tool may have. */
  readonly reserved: ReadonlySet<string>;
  /** Takes lines for people as they come: a first use, a change. */
  readonly notice?: (text: string) => void;
  /** Asks the person in front; the fields, or undefined where it was declined. Absent: what yes or no answers is asked in the log of the run, anything else is declined, and the call is told why. */
  readonly ask?: (question: McpQuestion, signal: AbortSignal) => Promise<JsonObject | undefined>;
}

/** The tools of MCP servers for runs. */
export interface McpEquipment {
  readonly manager: McpManager;
  /** The file in use. */
  readonly path: string;
  /** The tools as they are now; ask at each request of a run. */
  readonly tools: () => readonly Tool[];
  /** Puts in what a question names of servers: `@server:uri`, `/server:prompt`. Throws KwError `mcp-failed`. */
  readonly expand: (text: string, signal?: AbortSignal) => Promise<string>;
  /** Waits until every server is ready or failed, at most 10 s; gives what people should be told of those that are not. */
  readonly ready: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** Secret values that servers are given and that sign-ins brought; the same array while nothing was added. */
  readonly secrets: () => readonly string[];
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** A mute server holds nothing up for longer, in milliseconds. */
const longestWaitMs = 10_000;

/** Begins to connect to the configured servers. Throws KwError `bad-configuration`; whatever else fails is told by `ready`. */
export async function createMcpEquipment(config: Config, host: RuntimeHost, options: McpEquipmentOptions): Promise<McpEquipment> {
  const { servers, path, warnings } = await loadMcpServers(config, host);
  const { callServer, elicited, expandMentions, mcpTools, openMcpManager } = await import('./mcp-manager.ts');
  const { ask, notice = () => undefined } = options;
  let secrets: readonly string[] = [];
  const hide = (values: readonly string[]): void => {
    const fresh = values.filter((value) => value !== '' && !secrets.includes(value));
    if (fresh.length > 0) secrets = [...secrets, ...fresh];
  };
  const questions = createQuestions((text) => notice(text[config.language]));
  const manager = openMcpManager(config, host, {
    servers,
    reserved: options.reserved,
    notice,
    onSecret: (value) => hide([value]),
    capabilities: (): JsonObject => ({ roots: {}, elicitation: { form: {} } }),
    answer: async (server, method, params, signal) => {
      if (method === 'roots/list') return { roots: [] };
      if (method === 'elicitation/create') {
        const question = questionOf(server, params);
        const fields = ask === undefined ? questions.ask(question) : questions.waiting(server, () => ask(question, signal));
        return elicited(await fields, params);
      }
      throw Object.assign(new Error(`Method not found: ${method}`), { code: -32_601 });
    },
  });
  hide(manager.secrets());
  manager.start();
  let renamed: readonly string[] = [];
  return {
    manager,
    path,
    warnings,
    tools: () => mcpTools(manager, questions.around(callServer)),
    expand: (text, signal) => expandMentions(text, manager, signal),
    secrets: () => secrets,
    ready: async (signal) => {
      await manager.settled(longestWaitMs, signal);
      const failed = manager.status().flatMap(({ name, state, error }) => problemOf(name, state, error, path));
      const now = manager.tools().renamed.filter((line) => !renamed.includes(line));
      renamed = [...renamed, ...now];
      return [...failed, ...now];
    },
    close: () => manager.close(),
  };
}

function problemOf(name: string, state: string, error: string | undefined, path: string): readonly string[] {
  if (state === 'failed' || state === 'disabled')
    return [`MCP server connection failed: ${error ?? name} (${path}). The others go on; \`kubelet-wuhrai mcp\` shows how each stands.`];
  if (state === 'connecting') return [`MCP server connection failed: ${name} does not answer; its tools appear when it does (${path})`];
  return [];
}

function questionOf(server: string, { message, requestedSchema }: JsonObject): McpQuestion {
  return { server, message: typeof message === 'string' ? message : '', schema: isMembers(requestedSchema) ? requestedSchema : {} };
}

function isMembers(value: JsonObject[string] | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
