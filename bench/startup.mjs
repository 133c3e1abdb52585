// How fast the command starts, beside `node -e 0` in the same run.
//   --version, __complete        promised: 60 ms where `node -e 0` takes 26 ms, so a ratio of 2.31
//   exec to the model's first byte of the request: 150 ms, a ratio of 5.77
// The quickest quarter of the rounds tells: a busy machine only ever adds.
// Beside them, without a promise: the same with a kubeconfig, whose server is asked for its version first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, inTurn, quick, report, runProgram } from './measure.mjs';

const node = process.execPath;
const home = mkdtempSync(join(tmpdir(), 'kw-bench-'));
let arrivedAt = 0;
const model = createServer((request, response) => {
  if (arrivedAt === 0) arrivedAt = performance.now();
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (choice) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] })}\n\n`;
    response.end(
      `${chunk({ index: 0, delta: { role: 'assistant', content: 'ok' } })}${chunk({ index: 0, delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
    );
  });
});
await new Promise((done) => model.listen(0, '127.0.0.1', done));
const endpoint = `http://127.0.0.1:${model.address().port}/v1`;
const env = { PATH: process.env.PATH, HOME: home, OPENAI_ENDPOINT: endpoint, OPENAI_API_KEY: 'bench-key-0000' };

const cluster = createServer((_, response) =>
  response.setHeader('content-type', 'application/json').end('{"major":"1","minor":"36","gitVersion":"v1.36.0"}'),
);
await new Promise((done) => cluster.listen(0, '127.0.0.1', done));
const kubeconfig = join(home, 'kubeconfig');
writeFileSync(
  kubeconfig,
  `apiVersion: v1
kind: Config
current-context: bench
contexts:
- name: bench
  context: {cluster: bench, user: bench, namespace: shop}
clusters:
- name: bench
  cluster: {server: http://127.0.0.1:${cluster.address().port}}
users:
- name: bench
  user: {token: bench-token}
`,
  { mode: 0o600 },
);

async function firstByte(more) {
  arrivedAt = 0;
  const args = [cli, '--quiet', '--llm-provider=openai-compatible', '--model=m', 'hello'];
  const { started, code, stderr, cpuMs } = await runProgram(node, args, { env: { ...env, ...more } });
  if (code !== 0) throw new Error(`the command ended with ${code}: ${stderr}`);
  return { ms: arrivedAt - started, cpuMs };
}

try {
  const values = await inTurn(21, {
    node: () => runProgram(node, ['-e', '0'], { env }),
    version: () => runProgram(node, [cli, '--version'], { env }),
    complete: () => runProgram(node, [cli, '__complete', '--o'], { env }),
    firstByte: () => firstByte({}),
    firstByteWithCluster: () => firstByte({ KUBECONFIG: kubeconfig }),
  });
  const tenths = (value) => Math.round(value * 10) / 10;
  const named = (suffix, value) =>
    Object.fromEntries(Object.entries(values).map(([name, all]) => [`${name}${suffix}`, tenths(value(all))]));
  const figures = named('Ms', (all) => quick(all.map(({ ms }) => ms)));
  // User and system time of whole runs: what a busy machine changes least.
  const cpu = named('CpuMs', (all) => all.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / all.length);
  const ratio = (value) => Math.round((value / figures.nodeMs) * 100) / 100;
  const ratios = {
    versionRatio: ratio(figures.versionMs),
    completeRatio: ratio(figures.completeMs),
    firstByteRatio: ratio(figures.firstByteMs),
  };
  report('startup', { ...figures, ...ratios, ...cpu }, [
    { what: '--version beside node -e 0', value: ratios.versionRatio, most: 2.31 },
    { what: '__complete beside node -e 0', value: ratios.completeRatio, most: 2.31 },
    { what: 'exec to first byte at the model beside node -e 0', value: ratios.firstByteRatio, most: 5.77 },
  ]);
} finally {
  model.close();
  cluster.close();
  rmSync(home, { recursive: true, force: true });
}
