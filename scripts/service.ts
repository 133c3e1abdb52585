// The built service over a scripted model and a simulated cluster, for tests from outside.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createDemo } from '../packages/sandbox/src/index.ts';
import { startScriptedServer } from '../packages/providers/src/testing/index.ts';
import type { RecordedRequest, ScriptedServer, ServerTurn } from '../packages/providers/src/testing/index.ts';
// @ts-expect-error plain JavaScript, shared with scripts that run on any Node
import { clientsFolder } from './clients.mjs';

/** A running service and what stands behind it. */
export interface Service {
  readonly url: string;
  readonly model: ScriptedServer;
  /** Runs kubectl in the simulated cluster; gives what it prints. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/** What differs from the ordinary. */
export interface ServiceOptions {
  readonly listen?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly flags?: readonly string[];
  /** True: reached through a proxy that says so, as from another host. */
  readonly forwarded?: boolean;
}

const report = Array.from({ length: 100_000 }, (_, index) => String(index)).join(' ');
const story = Array.from({ length: 100 }, (_, index) => `word${index} `);
const findings = `## What is wrong

**checkout** cannot start: its ConfigMap \`checkout-config\` is missing.

| POD | CPU | MEMORY |
|---|---|---|
| checkout-1 | 250m | 128Mi |
| cart-2 | 100m | 512Mi |
| web-3 | 30m | 64Mi |

\`\`\`yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: checkout-config # missing
\`\`\`

1. Create it
2. Wait for the rollout

<script>document.title = 'stolen'</script> ![x](http://192.0.2.1/x.png) [docs](https://kubernetes.io)
`;

interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** Answers by the last question, so that tests need no order. */
function answer({ body }: RecordedRequest): ServerTurn {
  const messages: readonly ChatMessage[] = JSON.parse(JSON.stringify(body['messages']));
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const question = messages[last]?.content ?? '';
  const called = messages.slice(last).some(({ role }) => role === 'tool');
  const kubectl = (command: string): NonNullable<ServerTurn['toolCalls']>[number] => ({ name: 'kubectl', arguments: { command } });
  if (question.includes('long report')) return { text: report };
  if (question.includes('slow story')) return { text: story, delayMs: 50 };
  const replicas = /scale web to (\d+)/.exec(question)?.[1];
  if (replicas !== undefined)
    return called
      ? { text: 'As decided.' }
      : { text: 'I would scale it.', toolCalls: [kubectl(`kubectl scale deployment web --replicas=${replicas} -n shop`)] };
  if (question.includes('restart all')) return called ? { text: 'As told.' } : { toolCalls: [{ name: 'ops__restart', arguments: {} }] };
  if (question.includes('delete all'))
    return called ? { text: 'As decided.' } : { toolCalls: [kubectl('kubectl delete deployments --all -n shop')] };
  if (!question.includes('what is wrong')) return { text: 'Three pods are ready.' };
  if (called) return { text: findings };
  return {
    reasoning: ['Let me ', 'see.'],
    text: 'I look at the pods first.',
    toolCalls: [kubectl('kubectl get pods -n shop'), kubectl('kubectl get nosuch -n shop')],
  };
}

/** Starts everything; resolves when the service listens. */
export async function startService({
  listen = '127.0.0.1:0',
  env = {},
  flags = [],
  forwarded = false,
}: ServiceOptions = {}): Promise<Service> {
  const home = await mkdtemp(join(tmpdir(), 'kw-service-'));
  const [model, demo] = await Promise.all([startScriptedServer({ script: answer, models: ['deepseek-chat'] }), createDemo()]);
  const folder: string = clientsFolder();
  const own = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TMPDIR: home,
    KUBECONFIG: demo.kubeconfigPath,
    DEEPSEEK_API_KEY: 'sk-scripted-0123456789',
    DEEPSEEK_ENDPOINT: model.url,
    ...env,
  };
  // Under its name, as an installation has it.
  const main = join(home, 'kubelet-wuhrai');
  await symlink(resolve(import.meta.dirname, '../apps/cli/dist/main.js'), main);
  const args = [main, '--user-interface=html', `--ui-listen-address=${listen}`, ...flags];
  const child = spawn(process.execPath, args, { env: own, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const cleanUp = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
    await Promise.all([model.close(), demo.close()]);
    await rm(home, { recursive: true, force: true });
  };
  const port = await listening(child.stderr);
  if (port === undefined) {
    await cleanUp();
    throw new Error('the service did not start; was it built?');
  }
  const front = forwarded ? await startFront(port) : undefined;
  return {
    url: `http://127.0.0.1:${front?.port ?? port}`,
    model,
    env: own,
    kubectl: async (...words) => (await promisify(execFile)(join(folder, 'kubectl'), [...words], { env: own })).stdout,
    stop: async () => {
      front?.close();
      await cleanUp();
    },
  };
}

async function listening(stderr: NodeJS.ReadableStream): Promise<number | undefined> {
  let said = '';
  for await (const chunk of stderr) {
    said += String(chunk);
    const port = /listens on http:\/\/\S+:(\d+)/.exec(said)?.[1];
    if (port === undefined) continue;
    stderr.on('data', () => undefined).resume();
    return Number(port);
  }
  process.stderr.write(said);
  return undefined;
}

/** A proxy that says for whom it asks. */
async function startFront(port: number): Promise<{ readonly port: number; readonly close: () => void }> {
  const front = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-for': '192.0.2.1' };
    const passed = request({ port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers }, (answered) => {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      front.close();
      front.closeAllConnections();
    },
  };
}
