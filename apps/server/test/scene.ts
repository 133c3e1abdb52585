import {
  createRuns,
  KwError,
  localPrincipal,
  memorySessionStore,
  type Runs,
  type RunTarget,
  type SessionStore,
  type TargetSource,
  type Tool,
} from '@kw/agent';
import { fakeTool } from '@kw/agent/testing';
import { scriptedModel } from '@kw/providers/testing';
import { onTestFinished } from 'vitest';
import { type RunningServer, type ServerOptions, startServer } from '../src/index.ts';

/** What a test works with. */
export interface Scene {
  readonly server: RunningServer;
  readonly url: string;
  readonly model: ReturnType<typeof scriptedModel>;
  readonly runs: Runs;
  readonly sessions: SessionStore;
  /** What the server told its user. */
  readonly printed: readonly string[];
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

/** What differs from the ordinary. */
export type SceneOptions = Partial<ServerOptions> & {
  readonly turns?: Parameters<typeof scriptedModel>[0];
  readonly tools?: readonly Tool[];
  readonly approvalWaitMs?: number;
  readonly runDrainMs?: number;
};

/** A server on a free port, with a scripted model, that ends with the test. */
export async function serve({
  turns = [{ text: 'ok' }],
  tools = [fakeTool()],
  approvalWaitMs = 0,
  runDrainMs = 0,
  ...options
}: SceneOptions = {}): Promise<Scene> {
  const sessions = options.sessions ?? memorySessionStore();
  const model = scriptedModel(turns, { provider: 'deepseek', id: 'deepseek-chat' });
  const runs =
    options.runs ??
    createRuns({
      models: () => model,
      tools,
      settings: { model: { provider: model.provider, id: model.id } },
      store: sessions,
      targets: fakeTargets,
      approvalWaitMs,
      drainMs: runDrainMs,
      pollMs: 50,
    });
  const printed: string[] = [];
  const server = await startServer({
    runs,
    sessions,
    facts: {
      version: '1.2.3',
      provider: 'deepseek',
      currentModel: 'deepseek-chat',
      defaultProvider: 'deepseek',
      models: async () => ['deepseek-chat', 'deepseek-coder', 'qwen-plus', 'doubao-pro-4k'],
    },
    listenAddress: '127.0.0.1:0',
    local: localPrincipal,
    print: (line) => printed.push(line),
    drainMs: 2_000,
    ...options,
  });
  onTestFinished(() => server.stop());
  const { url } = server;
  const post: Scene['post'] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return { server, url, model, runs, sessions, printed, post };
}

// Two contexts and no cluster behind them.
const fakeTargets: TargetSource = {
  contexts: async () => ['kind', 'prod'],
  freeze: async ({ context = 'kind', namespace = 'default' }) => {
    if (!['kind', 'prod'].includes(context)) throw new KwError('unknown-context', `There is no context ${context}. Known: kind, prod.`);
    return {
      server: `https://${context}.example`,
      caHash: 'system',
      context,
      user: 'ada',
      namespace,
      fingerprint: `${context}/${namespace}`,
    };
  },
  open: async (target: RunTarget) => ({ target, kubeconfigPath: '/dev/null', close: async () => {} }),
};

/** A promise with its ends outside. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
