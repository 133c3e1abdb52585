import type { Calls, JsonObject, JsonValue, Tool } from '@kw/agent';
import type { McpManager } from '../client/manager.ts';
import type { NamedTool } from '../client/names.ts';
import { failureKind } from '../client/failure.ts';
import { isRecord, jsonObject, textOf } from '../json.ts';
import type { Asks } from './asks.ts';
import type { McpBackend } from './backend.ts';
import { kinds, namespaces, readObject } from './cluster.ts';
import { approveByElicitation, canElicit } from './elicit.ts';
import { objectTemplate, parseObjectUri } from './object-uri.ts';
import type { ClientFacts, McpServerOptions } from './options.ts';
import { argumentOf, builtInPrompts, listedPrompts, ownPrompt } from './own-prompts.ts';
import { listedTool } from './own-tools.ts';
import { tellProgress } from './progress.ts';
import type { RelayLists } from './relay-lists.ts';
import { redactedResult, relayedCall, relayedError } from './relay-tools.ts';
import { maxTextTokens, outputUri, parseOutputUri, toolResult } from './result.ts';
import type { RequestScope } from './rpc.ts';
import { rpcCodes, rpcError } from './rpc.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Everything that answers one client's requests. */
export interface DeskParts {
  readonly options: McpServerOptions;
  readonly client: () => ClientFacts;
  readonly calls: () => Promise<Calls>;
  /** The servers behind, where there are any; ready or given up on for now. */
  readonly external: () => Promise<{ readonly manager: McpManager; readonly lists: RelayLists } | undefined>;
  readonly asks: Asks;
  readonly subscriptions: () => Promise<Subscriptions>;
}

/** Answers one request. */
export type Answer = (params: JsonObject, scope: RequestScope) => Promise<JsonObject>;

const maxCompletions = 100;
/** Outputs of a session that are listed as resources: the last ones. */
const maxListedOutputs = 50;
const maxReadBytes = 8 * 1024 * 1024;

/** The answers by method. */
export function createDesk({ options, client, calls, external, asks, subscriptions }: DeskParts): ReadonlyMap<string, Answer> {
  const { backend, readOnly, wayOut } = options;
  const outputs: string[] = [];

  const relayable = async (): Promise<readonly NamedTool[]> => (readOnly ? [] : ((await external())?.manager.tools().tools ?? []));

  const listTools: Answer = async () => {
    const [own, named] = await Promise.all([backend().then(({ tools }) => tools()), relayable()]);
    return { tools: [...own.map((tool) => listedTool(tool, { readOnly })), ...named.map(({ name, tool }) => ({ ...tool, name }))] };
  };

  const callTool: Answer = async (params, scope) => {
    const name = textOf(params, 'name') ?? '';
    const parts = await backend();
    const own = parts.tools();
    if (own.some((tool) => tool.name === name)) return callOwn(name, params, { scope, parts, own });
    const named = (await relayable()).find((each) => each.name === name);
    if (named === undefined) throw rpcError(rpcCodes.invalidParams, `there is no tool ${JSON.stringify(name)}`);
    const { redactor } = parts;
    const relayed = relayedCall(named, { params, scope, asks, redactor });
    const way = await calls();
    const result = await way.execute({
      name,
      argumentsJson: JSON.stringify(params['arguments'] ?? {}),
      tools: [relayed.tool],
      rules: options.relayRules?.(name) ?? [],
      signal: scope.signal,
      resultTokens: maxTextTokens,
      ...asking(scope),
    });
    return relayed.answer(result);
  };

  const asking = (scope: RequestScope): { readonly approve?: ReturnType<typeof approveByElicitation>; readonly nobody?: string } => {
    if (options.mayApprove === false)
      return { nobody: 'it needs an approval, and the token of this client may not approve (scope "approve")' };
    return canElicit(client().capabilities)
      ? { approve: approveByElicitation(scope) }
      : { nobody: `it needs the user's approval, and this client cannot ask for it (elicitation); ${wayOut}` };
  };

  const callOwn = async (
    name: string,
    params: JsonObject,
    { scope, parts, own }: { readonly scope: RequestScope; readonly parts: McpBackend; readonly own: readonly Tool[] },
  ): Promise<JsonObject> => {
    const progress = tellProgress(scope, name);
    try {
      const way = await calls();
      const result = await way.execute({
        name,
        argumentsJson: JSON.stringify(params['arguments'] ?? {}),
        tools: own,
        signal: scope.signal,
        resultTokens: maxTextTokens,
        onProgress: progress.say,
        ...asking(scope),
      });
      if (result.output !== undefined) outputs.push(outputUri(result.session, result.output));
      outputs.splice(0, Math.max(0, outputs.length - maxListedOutputs));
      return await toolResult(result, result.session, parts.outputs);
    } finally {
      progress.stop();
    }
  };

  const listPrompts: Answer = async (_params, { signal }) => {
    const [own, theirs] = await Promise.all([backend().then(({ prompts }) => prompts()), external()]);
    const relayed = theirs === undefined ? [] : [...(await theirs.lists.all('prompts', signal)).values()];
    return { prompts: [...listedPrompts(own), ...relayed.map(({ item }) => item)] };
  };

  const getPrompt: Answer = async (params, scope) => {
    const name = textOf(params, 'name') ?? '';
    const parts = await backend();
    const own = ownPrompt(name, params['arguments'], await parts.prompts());
    if (own !== undefined) return own;
    const relayed = (await (await external())?.lists.all('prompts', scope.signal))?.get(name);
    if (relayed === undefined) throw rpcError(rpcCodes.invalidParams, `there is no prompt ${JSON.stringify(name)}`);
    return relay(relayed.upstream.config.name, 'prompts/get', { ...params, name: relayed.original }, scope);
  };

  /** Asks a server in the client's name and redacts what it answers. */
  const relay = async (server: string, method: string, params: JsonObject, scope: RequestScope): Promise<JsonObject> => {
    const theirs = await external();
    const { redactor } = await backend();
    const leave = asks.enter(server, scope);
    try {
      if (theirs === undefined) throw rpcError(rpcCodes.internal, 'there is no server behind');
      return redactedResult(await theirs.manager.upstream(server).request(method, params, { signal: scope.signal }), redactor);
    } catch (error) {
      throw failureKind(error) === 'answered' ? relayedError(error, redactor) : error;
    } finally {
      leave();
    }
  };

  const listResources: Answer = async (_params, { signal }) => {
    const relayed = [...((await (await external())?.lists.all('resources', signal))?.values() ?? [])];
    const kept = outputs
      .slice(-maxListedOutputs)
      .map((uri) => ({ uri, name: `output ${uri.split('/').at(-1) ?? ''}`, mimeType: 'text/plain' }));
    return { resources: [...kept, ...relayed.map(({ item }) => item)] };
  };

  const listTemplates: Answer = async (_params, { signal }) => {
    const relayed = [...((await (await external())?.lists.all('resourceTemplates', signal))?.values() ?? [])];
    const own = {
      uriTemplate: objectTemplate,
      name: 'kubernetes-object',
      title: 'An object of the cluster',
      description: 'One object as YAML, its secrets hidden. Write _ for the namespace of an object that has none.',
      mimeType: 'application/yaml',
    };
    return { resourceTemplates: [own, ...relayed.map(({ item }) => item)] };
  };

  const readResource: Answer = async (params, scope) => {
    const uri = textOf(params, 'uri') ?? '';
    const kept = parseOutputUri(uri);
    if (kept !== undefined) {
      const way = await calls();
      if (way.session() !== kept.session) throw rpcError(rpcCodes.resourceNotFound, `${uri} belongs to another session`, { uri });
      return { contents: [{ uri, mimeType: 'text/plain', text: await wholeOutput(await backend(), kept, uri) }] };
    }
    if (uri.startsWith('k8s://')) return readObject(uri, { calls: await calls(), tools: (await backend()).tools() }, scope.signal);
    const upstream = await (await external())?.lists.serverOf(uri, scope.signal);
    if (upstream === undefined) throw rpcError(rpcCodes.resourceNotFound, `there is no resource ${uri}`, { uri });
    return relay(upstream.config.name, 'resources/read', params, scope);
  };

  /** Of our own: an object is read first, judged as any read is, and then watched; a kept output never changes. */
  const ownSubscription = async (method: string, uri: string, { signal }: RequestScope): Promise<JsonObject> => {
    if (!uri.startsWith('k8s://')) return {};
    const book = await subscriptions();
    if (method === 'resources/unsubscribe') await book.remove(uri);
    else {
      await readObject(uri, { calls: await calls(), tools: (await backend()).tools() }, signal);
      await book.add(uri, parseObjectUri(uri), signal);
    }
    return {};
  };

  const subscription =
    (method: string): Answer =>
    async (params, scope) => {
      const uri = textOf(params, 'uri') ?? '';
      if (uri.startsWith('k8s://') || parseOutputUri(uri) !== undefined) return ownSubscription(method, uri, scope);
      const upstream = await (await external())?.lists.serverOf(uri, scope.signal);
      if (upstream === undefined) throw rpcError(rpcCodes.resourceNotFound, `${uri} does not tell of changes; read it again`, { uri });
      return relay(upstream.config.name, method, params, scope);
    };

  const complete: Answer = async (params, scope) => {
    const { ref } = params;
    const reference = isRecord(ref) ? jsonObject(ref) : {};
    const uri = textOf(reference, 'uri');
    const prompt = textOf(reference, 'name');
    if (uri === objectTemplate || (prompt !== undefined && builtInPrompts.has(prompt))) return completeOwn(params, scope);
    const theirs = await external();
    const relayed =
      uri !== undefined
        ? (await theirs?.lists.all('resourceTemplates', scope.signal))?.get(uri)
        : (await theirs?.lists.all('prompts', scope.signal))?.get(prompt ?? '');
    if (relayed === undefined) return completion([], '');
    const { upstream, original } = relayed;
    if ((await upstream.connected(scope.signal)).capabilities['completions'] === undefined) return completion([], '');
    const own: JsonObject = uri === undefined ? { ...reference, name: original } : reference;
    return relay(upstream.config.name, 'completion/complete', { ...params, ref: own }, scope);
  };

  const completeOwn: Answer = async (params, { signal }) => {
    const { name, value } = argumentOf(params);
    const parts = await backend();
    const reads = { calls: await calls(), tools: parts.tools() };
    if (name === 'context') return completion(await parts.contexts(), value);
    if (name === 'namespace') return completion(await namespaces(reads, signal), value);
    if (name === 'kind') return completion(await kinds(reads, signal), value);
    return completion([], value);
  };

  return new Map<string, Answer>([
    ['tools/list', listTools],
    ['tools/call', callTool],
    ['prompts/list', listPrompts],
    ['prompts/get', getPrompt],
    ['resources/list', listResources],
    ['resources/templates/list', listTemplates],
    ['resources/read', readResource],
    ['resources/subscribe', subscription('resources/subscribe')],
    ['resources/unsubscribe', subscription('resources/unsubscribe')],
    ['completion/complete', complete],
  ]);
}

function completion(all: readonly string[], value: string): JsonObject {
  const fitting = all.filter((each) => each.startsWith(value));
  const values: readonly JsonValue[] = fitting.slice(0, maxCompletions);
  return { completion: { values, total: fitting.length, hasMore: fitting.length > maxCompletions } };
}

async function wholeOutput(
  { outputs }: McpBackend,
  { session, ref }: { readonly session: string; readonly ref: `output:${number}` },
  uri: string,
): Promise<string> {
  const reader = outputs.reader(session);
  if ((await reader.info(ref)) === undefined) throw rpcError(rpcCodes.resourceNotFound, `${uri} is not kept`, { uri });
  const lines: string[] = [];
  let units = 0;
  for await (const { number, text } of reader.lines(ref)) {
    units += text.length + 1;
    if (units > maxReadBytes) {
      lines.push(`[cut at line ${number}: more than ${maxReadBytes} bytes]`);
      break;
    }
    lines.push(text);
  }
  return lines.join('\n');
}
