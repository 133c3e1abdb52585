import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Notification, Request } from '@modelcontextprotocol/sdk/types.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Calls, JsonObject } from '@kw/agent';
import type { McpManager } from '../client/manager.ts';
import { noValidator } from '../client/no-validator.ts';
import { isRecord, jsonObject, textOf } from '../json.ts';
import { createAsks } from './asks.ts';
import { createDesk } from './desk.ts';
import { instructionsFor } from './instructions.ts';
import type { ClientFacts, McpServerOptions } from './options.ts';
import { builtInPrompts } from './own-prompts.ts';
import type { RelayLists } from './relay-lists.ts';
import { relayLists } from './relay-lists.ts';
import { relayedQuestion } from './relayed-question.ts';
import { redactedResult } from './relay-tools.ts';
import type { RequestScope } from './rpc.ts';
import { rpcCodes, rpcError } from './rpc.ts';
import type { Subscriptions } from './subscriptions.ts';

/** One client's server. */
export interface McpSession {
  /** Begins to answer on a transport; there is one for each session. */
  connect(transport: Transport): Promise<void>;
  /** Cancels what runs, ends the servers behind, and closes the transport. May be called twice. */
  close(): Promise<void>;
  /** True while a request is under way. */
  isBusy(): boolean;
}

/** Tools that no server behind may be named like. */
const reserved: ReadonlySet<string> = new Set(['kubectl', 'bash', 'diagnose', 'read_output']);

/** How long a listing waits for servers that are still being started, in milliseconds: for others once one is there, and for the first. */
const waits = { others: 1_500, first: 8_000, look: 25 };
const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** Makes a session; nothing is started, read or reached before the client asks for it. */
export function createMcpSession(options: McpServerOptions): McpSession {
  const { version, readOnly } = options;
  const closing = new AbortController();
  const asks = createAsks();
  let calls: Promise<Calls> | undefined;
  let level = 'debug';
  let busy = 0;

  const server = new Server(
    { name: 'kubelet-wuhrai', title: 'kubelet-wuhrai', version },
    {
      instructions: instructionsFor({ readOnly, external: options.external !== undefined }),
      jsonSchemaValidator: noValidator,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
      },
    },
  );
  server.removeRequestHandler('logging/setLevel'); // it is passed on, too
  const client = (): ClientFacts => {
    const { name = 'a client', version: its = '' } = server.getClientVersion() ?? {};
    return { name, version: its, capabilities: jsonObject(server.getClientCapabilities()) };
  };
  const tell = (method: string, params: JsonObject = {}): void => {
    void server.notification({ method, params: { ...params } }).catch(() => undefined); // the client left
  };
  const say = (text: string): void => {
    if (levels.indexOf('warning') >= levels.indexOf(level))
      tell('notifications/message', { level: 'warning', logger: 'kubelet-wuhrai', data: text });
  };
  const askClient: RequestScope['ask'] = async (method, params, { signal, timeoutMs } = {}) =>
    jsonObject(
      await server.request({ method, params: { ...params } }, ResultSchema, {
        ...(signal === undefined ? {} : { signal }),
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      }),
    );

  function externalOf(make: NonNullable<McpServerOptions['external']>): () => { readonly manager: McpManager; readonly lists: RelayLists } {
    let made: { readonly manager: McpManager; readonly lists: RelayLists } | undefined;
    return () => {
      if (made !== undefined) return made;
      const manager = make({
        reserved,
        capabilities: () => passedOn(client().capabilities),
        notice: say,
        answer: async (name, method, params, signal) => {
          const { redactor } = await options.backend();
          return asks.ask(name, method, relayedQuestion(name, { method, params, redactor }), { signal, otherwise: askClient });
        },
        onNotification: (name, method, params) => void relayNotification(name, method, params).catch(() => undefined), // the client left
      });
      manager.onChange(({ what }) => {
        if (what === 'tools') tell('notifications/tools/list_changed');
      }, closing.signal);
      manager.start();
      made = { manager, lists: relayLists(manager, builtInPrompts) };
      return made;
    };
  }

  const relayNotification = async (name: string, method: string, params: JsonObject): Promise<void> => {
    if (method === 'notifications/message' && levels.indexOf(textOf(params, 'level') ?? '') < levels.indexOf(level)) return;
    const { redactor } = await options.backend();
    const shown = redactedResult(params, redactor);
    const scope = asks.current(name);
    if (scope === undefined) tell(method, shown);
    else await scope.notify(method, shown);
  };

  const external = options.external === undefined ? undefined : externalOf(options.external);
  let waited = false;
  /** The servers behind; the first time once it is known of each how it stands or it was waited for long enough. */
  const settled = async (): Promise<{ readonly manager: McpManager; readonly lists: RelayLists } | undefined> => {
    if (external === undefined) return undefined;
    const parts = external();
    const since = performance.now();
    while (!waited) {
      const states = parts.manager.status().map(({ state }) => state);
      const limit = states.includes('ready') ? waits.others : waits.first;
      waited ||= !states.some((state) => state === 'connecting' || state === 'idle') || performance.now() - since >= limit;
      if (!waited) await parts.manager.settled(waits.look);
    }
    return parts;
  };

  let subscriptions: Promise<Subscriptions> | undefined;
  const openSubscriptions = async (): Promise<Subscriptions> => {
    const [{ createSubscriptions }, { watch }] = await Promise.all([import('./subscriptions.ts'), options.backend()]);
    return createSubscriptions({ watch, say, changed: (uri) => tell('notifications/resources/updated', { uri }) });
  };

  const desk = createDesk({
    options,
    subscriptions: () => (subscriptions ??= openSubscriptions()),
    client,
    asks,
    external: settled,
    calls: () => {
      calls ??= options.backend().then((backend) => backend.calls(client()));
      return calls;
    },
  });

  const setLevel = async (params: JsonObject): Promise<JsonObject> => {
    const wanted = textOf(params, 'level') ?? '';
    if (!levels.includes(wanted)) throw rpcError(rpcCodes.invalidParams, `the level is one of ${levels.join(', ')}`);
    level = wanted;
    const upstreams = (await settled())?.manager.upstreams ?? [];
    await Promise.all(
      upstreams
        .filter((upstream) => upstream.status().state === 'ready')
        .map(async (upstream) => {
          const { capabilities } = await upstream.connected();
          if (capabilities['logging'] !== undefined) await upstream.request('logging/setLevel', params).catch(() => undefined); // it says what it likes
        }),
    );
    return {};
  };

  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    const answer = method === 'logging/setLevel' ? setLevel : desk.get(method);
    if (answer === undefined) throw rpcError(rpcCodes.methodNotFound, `Method not found: ${method}`);
    busy += 1;
    try {
      return { ...(await answer(jsonObject(params), scopeOf(extra))) };
    } finally {
      busy -= 1;
    }
  };
  server.oninitialized = () => {
    external?.(); // they start while the client looks around
    options.watch?.(() => {
      for (const list of ['tools', 'prompts', 'resources']) tell(`notifications/${list}/list_changed`);
    }, closing.signal);
  };
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await server.close();
    const behind = external === undefined ? undefined : external().manager;
    await Promise.all([
      behind?.close(),
      (await calls?.catch(() => undefined))?.close(),
      (await subscriptions?.catch(() => undefined))?.close(),
    ]);
  };
  return {
    connect: (transport) => server.connect(transport),
    close: () => (closed ??= close()),
    isBusy: () => busy > 0,
  };
}

/** What the client can do is what we can do for the servers behind. */
function passedOn({ elicitation, sampling, roots }: JsonObject): JsonObject {
  return {
    ...(elicitation === undefined ? {} : { elicitation }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(roots === undefined ? {} : { roots }),
  };
}

function scopeOf(extra: RequestHandlerExtra<Request, Notification>): RequestScope {
  const token = isRecord(extra._meta) ? extra._meta['progressToken'] : undefined;
  return {
    signal: extra.signal,
    ...(typeof token === 'string' || typeof token === 'number' ? { progressToken: token } : {}),
    notify: (method, params) => extra.sendNotification({ method, params: { ...params } }),
    ask: async (method, params, { signal, timeoutMs } = {}) =>
      jsonObject(
        await extra.sendRequest({ method, params: { ...params } }, ResultSchema, {
          ...(signal === undefined ? {} : { signal }),
          ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
        }),
      ),
  };
}
