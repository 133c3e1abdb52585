import { createRuns, localPrincipal, memorySessionStore, type Runs, type SessionStore, type Tool } from '@kw/agent';
import { fakeTool } from '@kw/agent/testing';
import { scriptedModel } from '@kw/providers/testing';
import { onTestFinished } from 'vitest';
import { type ApiLimits, type ApiOptions, type Auth, createApi, type Peer } from '../src/index.ts';

/** What a test works with. */
export interface Scene {
  readonly runs: Runs;
  readonly sessions: SessionStore;
  readonly model: ReturnType<typeof scriptedModel>;
  readonly fetch: (path: string, init?: RequestInit, peer?: Partial<Peer>) => Promise<Response>;
  readonly post: (path: string, body: unknown, init?: RequestInit) => Promise<Response>;
}

/** What differs from the ordinary. */
export interface SceneOptions {
  readonly turns?: Parameters<typeof scriptedModel>[0];
  readonly tools?: readonly Tool[];
  readonly auth?: Partial<Auth>;
  readonly limits?: ApiLimits;
  readonly approvalWaitMs?: number;
  readonly drive?: boolean;
  readonly sessions?: SessionStore;
  readonly clock?: () => number;
  readonly draining?: AbortSignal;
  /** Further parts of the API. */
  readonly parts?: Pick<
    ApiOptions,
    'checkStore' | 'sessionsOf' | 'outputs' | 'places' | 'page' | 'metrics' | 'gate' | 'killSwitch' | 'reasonIn'
  >;
  readonly facts?: Partial<ApiOptions['facts']>;
}

export const host = 'localhost:8888';

/** An API on a scripted model and a memory store, driven until the test ends. */
export function scene({
  turns = [{ text: 'ok' }],
  tools = [fakeTool()],
  auth,
  limits,
  approvalWaitMs = 0,
  drive = true,
  clock,
  draining,
  parts = {},
  facts = {},
  ...rest
}: SceneOptions = {}): Scene {
  const sessions = rest.sessions ?? memorySessionStore();
  const model = scriptedModel(turns);
  const runs = createRuns({
    models: () => model,
    tools,
    settings: { model: { provider: model.provider, id: model.id } },
    store: sessions,
    approvalWaitMs,
    pollMs: 50,
  });
  const api = createApi({
    runs,
    sessions,
    facts: {
      version: '1.2.3',
      provider: 'deepseek',
      currentModel: 'deepseek-chat',
      defaultProvider: 'deepseek',
      models: async () => ['deepseek-chat', 'qwen-plus'],
      ...facts,
    },
    ...parts,
    auth: { listening: () => ({ loopback: true, port: 8888 }), local: localPrincipal, ...auth },
    ...(limits !== undefined && { limits }),
    ...(clock !== undefined && { clock }),
    ...(draining !== undefined && { draining }),
  });
  if (drive) {
    const stop = new AbortController();
    const driving = runs.drive(stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await driving;
    });
  }
  const fetch: Scene['fetch'] = async (path, init = {}, peer = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', host);
    if (headers.get('host') === 'none') headers.delete('host');
    const request = new Request(`http://${host}${path}`, { ...init, headers });
    return api.fetch(request, { peer: { address: '127.0.0.1', loopback: true, sameUser: async () => true, ...peer } });
  };
  const post: Scene['post'] = (path, body, init = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return fetch(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init, headers });
  };
  return { runs, sessions, model, fetch, post };
}

/** One event of a stream, as it came. */
export interface Received {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

// Strictly: `id:` line, one `data:` line, an empty line; comments are skipped.
function parseStream(text: string): readonly Received[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && block !== ':')
    .map((block) => {
      const match = /^id: (\d+:\d+)\ndata: (\{.*\})$/.exec(block);
      if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not an event: ${block}`);
      return { id: match[1], data: JSON.parse(match[2]) };
    });
}

/** All events of an answer. */
export async function receive(response: Response): Promise<readonly Received[]> {
  return parseStream(await response.text());
}

/** The deltas of events, joined. */
export function deltas(events: readonly Received[]): string {
  return events.map(({ data }) => (typeof data['delta'] === 'string' ? data['delta'] : '')).join('');
}
