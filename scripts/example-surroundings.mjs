// What runs beside an example: a scripted model, and where it asks for them the service and a simulated cluster.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const startTimeoutMs = 20_000;

/** A program that is up once it prints a line that matches; the match, and how to end it. */
async function startProgram(args, { env, ready }) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  };
  const match = await Promise.race([
    ready(child.stdout),
    ended.then(([code]) => new Error(`${args[0]} ended with ${code}: ${errors.trim()}`)),
    new Promise((done) =>
      setTimeout(() => done(new Error(`${args[0]} was not up within ${startTimeoutMs} ms: ${errors.trim()}`)), startTimeoutMs).unref(),
    ),
  ]);
  if (!(match instanceof Error)) return { match, stop };
  await stop();
  throw match;
}

/** The first group of the first line of a stream that matches. */
function firstMatch(pattern) {
  return async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      const [, found] = pattern.exec(line) ?? [];
      if (found !== undefined) {
        stream.resume();
        return found;
      }
    }
    return new Promise(() => {}); // its end is reported by the program's exit
  };
}

async function startModel({ root, folder, example }) {
  const cli = join(root, 'packages/providers/dist/testing/cli.js');
  const script = example.script === undefined ? [] : ['--script', join(folder, example.script)];
  const { match, stop } = await startProgram([cli, ...script], { env: process.env, ready: firstMatch(/^url (\S+)/) });
  return { env: { OPENAI_ENDPOINT: match, OPENAI_API_KEY: 'scripted', DEEPSEEK_API_KEY: 'scripted', KW_EXAMPLE_MODEL: match }, stop };
}

async function startCluster({ root }) {
  const program = join(root, 'scripts/sandbox.mjs');
  const { match, stop } = await startProgram([program], { env: process.env, ready: firstMatch(/^kubeconfig (.+)/) });
  return { env: { KUBECONFIG: match }, stop };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startService({ root, folder }, env) {
  const address = `127.0.0.1:${await freePort()}`;
  const args = ['--llm-provider=openai-compatible', '--model=scripted-model', '--user-interface=html', `--ui-listen-address=${address}`];
  const answers = async () => {
    for (;;) {
      const response = await fetch(`http://${address}/api/v1/health`).catch(() => undefined);
      if (response?.ok === true) return address;
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const { stop } = await startProgram([join(root, 'apps/cli/dist/main.js'), ...args], {
    env: { ...process.env, HOME: folder, ...env },
    ready: answers,
  });
  return { env: { KW_EXAMPLE_SERVICE: `http://${address}` }, stop };
}

/** Starts what the example asks for; { env } for its process, { stop } ends everything. */
export async function startSurroundings(options) {
  const started = [];
  const stop = async () => {
    for (const one of started.reverse()) await one.stop();
  };
  const env = () => Object.assign({}, ...started.map((one) => one.env));
  try {
    started.push(await startModel(options));
    if (options.example.cluster === true) started.push(await startCluster(options));
    if (options.example.service === true) started.push(await startService(options, env()));
    return { env: env(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
