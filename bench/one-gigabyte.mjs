// A command that prints 1 GB, with a needle in its middle: answered, in bounded memory, the needle found through read_output.
//   node bench/one-gigabyte.mjs [MEGABYTES]
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { cli, report } from './measure.mjs';

const megabytes = Number(process.argv[2] ?? 1000);
const home = mkdtempSync(join(tmpdir(), 'kw-bench-'));
const needle = 'E1125 the volume pvc-0815 is full';
// 100 bytes a line, no two alike.
const script = `#!/bin/sh
exec awk 'BEGIN { srand(7); for (i = 0; i < ${megabytes * 10_000}; i++) { r = rand() * 1e9; if (i == ${megabytes * 5_000}) print "${needle}"; printf "I1125 %09d %08x %08x request from %d.%d.%d.%d to shard %d took %d ms, %d bytes, trace %08x\\n", i, r, r / 3, r % 251, r % 241, r % 239, r % 233, r % 97, r % 1013, r % 99991, r / 7 } }'
`;
const config = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'bench',
  contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
  clusters: [{ name: 'bench', cluster: { server: 'http://127.0.0.1:9' } }],
  users: [{ name: 'bench', user: {} }],
};

const call = (name, args) => ({
  tool_calls: [{ index: 0, id: `call_${name}`, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});
const turns = [
  [call('kubectl', { command: 'kubectl logs web' }), 'tool_calls'],
  [call('read_output', { ref: 'output:1', grep: 'pvc-0815' }), 'tool_calls'],
  [{ content: 'The volume is full.' }, 'stop'],
];
const requests = [];
const model = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part) => (text += part));
  request.on('end', () => {
    const [delta, reason] = turns[requests.length];
    requests.push({ at: performance.now(), text });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (choice) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] })}\n\n`;
    response.end(
      `${chunk({ index: 0, delta: { role: 'assistant', ...delta } })}${chunk({ index: 0, delta: {}, finish_reason: reason })}data: [DONE]\n\n`,
    );
  });
});
await new Promise((done) => model.listen(0, '127.0.0.1', done));

try {
  writeFileSync(join(home, 'kubectl'), script);
  chmodSync(join(home, 'kubectl'), 0o755);
  writeFileSync(join(home, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });
  const env = {
    PATH: `${home}:${process.env.PATH}`,
    HOME: home,
    KUBECONFIG: join(home, 'kubeconfig'),
    OPENAI_ENDPOINT: `http://127.0.0.1:${model.address().port}/v1`,
  };
  const child = spawn(
    process.execPath,
    [cli, '--quiet', '--llm-provider=openai-compatible', '--model=m', '--tool-timeout=600', 'why does it fail?'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (answer += text));
  let peakMegabytes = 0;
  let cpuSeconds = 0;
  const read = (name) => {
    try {
      return readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
    } catch {
      return ''; // it has ended
    }
  };
  const watching = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(read('status'))?.[1] ?? 0) / 1000));
    const [, user, system] = /^\d+ \(.*\) (?:\S+ ){11}(\d+) (\d+)/.exec(read('stat')) ?? [0, 0, 0];
    cpuSeconds = Math.max(cpuSeconds, (Number(user) + Number(system)) / 100);
  }, 100);
  const code = await new Promise((done) => child.once('close', done));
  clearInterval(watching);
  const seconds = (from, to) => Math.round((requests[to].at - requests[from].at) / 100) / 10;
  const result = JSON.parse(requests[2]?.text ?? '{"messages":[{}]}').messages.at(-1).content ?? '';
  report(
    'one-gigabyte',
    {
      megabytes,
      exitCode: code,
      answered: answer.trim() === 'The volume is full.',
      commandSeconds: requests.length > 1 ? seconds(0, 1) : null,
      searchSeconds: requests.length > 2 ? seconds(1, 2) : null,
      cpuSeconds,
      peakMegabytes,
      viewCharacters: JSON.parse(requests[1]?.text ?? '{"messages":[{}]}').messages.at(-1).content?.length ?? null,
      found: result.includes(needle),
    },
    [
      { what: 'the exit code', value: code, most: 0 },
      { what: 'the most memory in MB', value: peakMegabytes, most: 400 },
      { what: 'needles missed', value: result.includes(needle) ? 0 : 1, most: 0 },
      { what: 'CPU seconds, the time limit of a command', value: cpuSeconds, most: 60 },
    ],
  );
} finally {
  model.close();
  rmSync(home, { recursive: true, force: true });
}
