// How fast the command starts, beside `node -e 0` in the same run.
//   --version                    promised: 60 ms where `node -e 0` takes 26 ms, so a ratio of 2.31
//   exec to the model's first byte of the request: 150 ms, a ratio of 5.77
// Beside them, without a promise: the same with a kubeconfig, whose server is asked for its version first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, inTurn, median, report, runProgram } from './measure.mjs';

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
  const { started, code, stderr } = await runProgram(node, args, { env: { ...env, ...more } });
  if (code !== 0) throw new Error(`the command ended with ${code}: ${stderr}`);
  return arrivedAt - started;
}

try {
  const values = await inTurn(21, {
    node: async () => (await runProgram(node, ['-e', '0'], { env })).ms,
    version: async () => (await runProgram(node, [cli, '--version'], { env })).ms,
    firstByte: () => firstByte({}),
    firstByteWithCluster: () => firstByte({ KUBECONFIG: kubeconfig }),
  });
  const figures = Object.fromEntries(Object.entries(values).map(([name, all]) => [`${name}Ms`, Math.round(median(all) * 10) / 10]));
  const ratio = (value) => Math.round((value / figures.nodeMs) * 100) / 100;
  report('startup', { ...figures, versionRatio: ratio(figures.versionMs), firstByteRatio: ratio(figures.firstByteMs) }, [
    { what: '--version beside node -e 0', value: ratio(figures.versionMs), most: 2.31 },
    { what: 'exec to first byte at the model beside node -e 0', value: ratio(figures.firstByteMs), most: 5.77 },
  ]);
} finally {
  model.close();
  cluster.close();
  rmSync(home, { recursive: true, force: true });
}
