// What the agent adds to twenty tool turns, beside a raw loop of HTTP and spawn in the same run: promised is at most 1.15.
// Time runs from the arrival of the first request at the model to the arrival of the last one.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../packages/sandbox/src/index.ts';
import { cli, inTurn, median, report, runProgram } from './measure.mjs';
import { clientsFolder } from '../scripts/clients.mjs';

const turns = 20;
const rounds = Number(process.argv[2] ?? 7);
const home = mkdtempSync(join(tmpdir(), 'kw-bench-'));
const kubectl = join(clientsFolder(), 'kubectl');
const sandbox = await createSandbox({ seed: 'bench' });
// No two calls are equal: five equal ones in a row would stop the agent.
const commandOf = (turn) => ['get', 'namespaces', '--chunk-size', String(100 + turn)];

let arrivals = [];
const model = createServer((request, response) => {
  const turn = arrivals.push(performance.now());
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
  const { code, stderr } = await runProgram(process.execPath, args, { env: { ...env, ...more } });
  if (code !== 0 || arrivals.length !== turns + 1) throw new Error(`exit code ${code}, ${arrivals.length} requests: ${stderr}`);
  return arrivals.at(-1) - arrivals[0];
}

try {
  const values = await inTurn(rounds, {
    raw: () => timed(['--input-type=module', '-e', raw]),
    rawSameCollector: () => timed(['--input-type=module', '-e', raw], sameCollector),
    agent: () => timed([cli, '--quiet', '--llm-provider=openai-compatible', '--model=m', `--max-iterations=${turns + 2}`, 'look']),
  });
  // Rounds are compared with their neighbour, so that the machine's mood falls on both.
  const beside = (others) => Math.round(median(values.agent.map((ms, round) => ms / others[round])) * 100) / 100;
  const ratio = beside(values.raw);
  const perTurn = (all) => Math.round((median(all) / turns) * 10) / 10;
  report(
    'loop',
    {
      turns,
      rawMsPerTurn: perTurn(values.raw),
      agentMsPerTurn: perTurn(values.agent),
      ratio,
      ratioSameCollector: beside(values.rawSameCollector),
    },
    [{ what: 'twenty tool turns beside a raw loop', value: ratio, most: 1.15 }],
  );
} finally {
  model.closeAllConnections();
  model.close();
  await sandbox.close();
  rmSync(home, { recursive: true, force: true });
}
