// What the agent adds to a tool turn, beside a raw loop of HTTP and spawn in the same run: promised is at most 1.15.
// A turn runs from the arrival of one request at the model to that of the next; of twenty turns the quickest quarter tells, and of all rounds the
// best, since a busy machine only ever adds. The promise is for a raw loop as one writes it. Like for like, where its kubectl has the collector's
// settings that the agent gives its own, the limit only keeps what is reached; beside it user and system time of both with their kubectl.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../packages/sandbox/src/index.ts';
import { cli, cpuOf, inTurn, quick, report, runProgram } from './measure.mjs';
import { clientsFolder } from '../scripts/clients.mjs';

const turns = 20;
const rounds = Number(process.argv[2] ?? 7);
const home = mkdtempSync(join(tmpdir(), 'kw-bench-'));
const kubectl = join(clientsFolder(), 'kubectl');
const sandbox = await createSandbox({ seed: 'bench' });
// No two calls are equal: five equal ones in a row would stop the agent.
const commandOf = (turn) => ['get', 'namespaces', '--chunk-size', String(100 + turn)];

let arrivals = [];
let pid = 0;
let cpu = [];
const model = createServer((request, response) => {
  const turn = arrivals.push(performance.now());
  if (turn === 1 || turn === turns + 1) cpu.push(cpuOf(pid));
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (choice) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] })}\n\n`;
    const call = {
      index: 0,
      id: `call_${turn}`,
      type: 'function',
      function: { name: 'kubectl', arguments: JSON.stringify({ command: `kubectl ${commandOf(turn).join(' ')}` }) },
    };
    const [delta, reason] = turn <= turns ? [{ tool_calls: [call] }, 'tool_calls'] : [{ content: 'done' }, 'stop'];
    response.end(
      `${chunk({ index: 0, delta: { role: 'assistant', ...delta } })}${chunk({ index: 0, delta: {}, finish_reason: reason })}data: [DONE]\n\n`,
    );
  });
});
await new Promise((done) => model.listen(0, '127.0.0.1', done));
const endpoint = `http://127.0.0.1:${model.address().port}/v1`;
const env = { PATH: `${clientsFolder()}:${process.env.PATH}`, HOME: home, KUBECONFIG: sandbox.kubeconfigPath, OPENAI_ENDPOINT: endpoint };

// The raw loop is a program of its own, as the agent is: a request, a command, its output into the next request.
const raw = `
const { execFile } = await import('node:child_process');
const messages = [{ role: 'user', content: 'look' }];
for (;;) {
  const response = await fetch(process.env.OPENAI_ENDPOINT + '/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', stream: true, messages }) });
  const text = await response.text();
  const call = JSON.parse(text.slice(6, text.indexOf('\\n'))).choices[0].delta.tool_calls?.[0];
  if (call === undefined) break;
  const args = JSON.parse(call.function.arguments).command.split(' ').slice(1);
  const content = await new Promise((done) => execFile(${JSON.stringify(kubectl)}, args, (error, stdout) => done(stdout)));
  messages.push({ role: 'assistant', tool_calls: [call] }, { role: 'tool', tool_call_id: call.id, content });
}
process.exit(0); // a connection that is kept alive must not count
`;

// What kubectl's collector is set to by the agent (packages/kube/src/target/environment.ts).
const sameCollector = { GOGC: '400', GOMEMLIMIT: '1GiB' };

async function timed(args, more = {}) {
  arrivals = [];
  cpu = [];
  const onStart = (started) => (pid = started);
  const { code, stderr } = await runProgram(process.execPath, args, { env: { ...env, ...more }, onStart });
  if (code !== 0 || arrivals.length !== turns + 1) throw new Error(`exit code ${code}, ${arrivals.length} requests: ${stderr}`);
  return { ms: quick(arrivals.slice(1).map((at, turn) => at - arrivals[turn])), cpuMs: (cpu[1] - cpu[0]) / turns };
}

try {
  const values = await inTurn(rounds, {
    raw: () => timed(['--input-type=module', '-e', raw], sameCollector),
    agent: () => timed([cli, '--quiet', '--llm-provider=openai-compatible', '--model=m', `--max-iterations=${turns + 2}`, 'look']),
    rawOwnCollector: () => timed(['--input-type=module', '-e', raw]),
  });
  const best = (name, what) => Math.min(...values[name].map((value) => value[what]));
  const tenths = (value) => Math.round(value * 10) / 10;
  const ratio = (what, name = 'raw') => Math.round((best('agent', what) / best(name, what)) * 100) / 100;
  report(
    'loop',
    {
      turns,
      rawMs: tenths(best('raw', 'ms')),
      agentMs: tenths(best('agent', 'ms')),
      ratio: ratio('ms', 'rawOwnCollector'),
      ratioSameCollector: ratio('ms'),
      rawCpuMs: tenths(best('raw', 'cpuMs')),
      agentCpuMs: tenths(best('agent', 'cpuMs')),
      cpuRatioSameCollector: ratio('cpuMs'),
    },
    [
      { what: 'a tool turn beside a raw loop', value: ratio('ms', 'rawOwnCollector'), most: 1.15 },
      { what: 'a tool turn beside a raw loop with the same collector', value: ratio('ms'), most: 1.3 },
    ],
  );
} finally {
  model.closeAllConnections();
  model.close();
  await sandbox.close();
  rmSync(home, { recursive: true, force: true });
}
