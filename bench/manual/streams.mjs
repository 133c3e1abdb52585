// 1,000 streams at once on one service, 200 of which nobody reads; ten deltas a second each, from a model in another process.
// Beside it, in the same run, a pass-through that does nothing but hand the model's bytes on.
// Promised: every answer exact; p95 of the first event < 1 s; p99 from the model's writing to the client's reading <= 50 ms more than without us;
// memory < 512 MB and back to what it was; CPU a delta at most 3 times that of the pass-through.
// Usage: node bench/manual/streams.mjs [streams = 800] [mute = 200] [ramp seconds = 60] [answer seconds = 75] [deltas a second = 10]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, report, root } from '../measure.mjs';
import { readMany } from '../streams/readers.mjs';

const [streams = 800, mute = 200, rampSeconds = 60, answerSeconds = 75, rate = 10] = process.argv.slice(2).map(Number);
const deltas = answerSeconds * rate;
const restMs = 12_000; // what is kept alive between requests is closed by then
const home = mkdtempSync(join(tmpdir(), 'kw-streams-'));
const children = [];

/** Starts a program that says its port. */
function start(args, { env = process.env, from = 'stdout', pattern = /^(\d+)/ } = {}) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const look = (text) => {
      const found = pattern.exec((said += text));
      if (found !== null) resolve({ pid: child.pid, port: Number(found[1]) });
    };
    child.stdout.on('data', (data) => from === 'stdout' && look(data));
    child.stderr.on('data', (data) => (from === 'stderr' && look(data), process.env.KW_BENCH_VERBOSE && process.stderr.write(data)));
    child.once('close', () => reject(new Error(`${args[0]} ended: ${said}`)));
  });
}

/** Seconds of CPU that a process has used. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryOf(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1_024);
}

function quantile(values, at) {
  const sorted = Float64Array.from(values).sort();
  return Math.round((sorted[Math.floor((sorted.length - 1) * at)] ?? Number.NaN) * 10) / 10;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure({ pid, port }, path) {
  await readMany({ port, path, streams: 20, mute: 0, rampMs: 2_000, query: 'only a short word' }); // what is loaded at the first question
  await pause(1_000);
  const base = memoryOf(pid);
  let most = base;
  const watching = setInterval(() => (most = Math.max(most, memoryOf(pid))), 500);
  const cpu = cpuOf(pid);
  const seen = await readMany({ port, path, streams, mute, rampMs: rampSeconds * 1_000 });
  const used = cpuOf(pid) - cpu;
  clearInterval(watching);
  seen.leave();
  await pause(restMs);
  const late = seen.streams.flatMap((one) => one.late);
  return {
    exact: seen.streams.filter((one) => one.failure === undefined && one.deltas === deltas).length,
    firstMs: {
      p50: quantile(
        seen.streams.map((one) => one.first),
        0.5,
      ),
      p95: quantile(
        seen.streams.map((one) => one.first),
        0.95,
      ),
    },
    deltaMs: { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: quantile(late, 1) },
    memoryMb: { base, most, after: memoryOf(pid) },
    cpuSeconds: Math.round(used * 100) / 100,
    cpuMicrosecondsADelta: Math.round((used * 1e6) / (deltas * (streams + mute))),
    failures: seen.streams.flatMap((one) => one.failure ?? (one.deltas === deltas ? [] : [`${one.deltas} deltas`])).slice(0, 5),
  };
}

try {
  const model = await start([join(root, 'bench/streams/model.mjs'), String(deltas), String(rate)]);
  const raw = await measure(await start([join(root, 'bench/streams/raw.mjs'), String(model.port)]), '/');
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    DEEPSEEK_API_KEY: 'sk-none-0123456789',
    DEEPSEEK_ENDPOINT: `http://127.0.0.1:${model.port}/v1`,
    ...(process.env.NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.NODE_OPTIONS }),
  };
  const flags = ['--user-interface=html', '--ui-listen-address=127.0.0.1:0', '--max-concurrent-runs=2000'];
  const service = await start([...(process.env.KW_BENCH_NODE_FLAGS?.split(' ') ?? []), cli, ...flags], {
    env,
    from: 'stderr',
    pattern: /listens on http:\/\/\S+:(\d+)/,
  });
  const ours = await measure(service, '/api/v1/chat/stream');
  const ratio = Math.round((ours.cpuMicrosecondsADelta / raw.cpuMicrosecondsADelta) * 100) / 100;
  const added = Math.round((ours.deltaMs.p99 - raw.deltaMs.p99) * 10) / 10;
  report('streams', { streams, mute, rampSeconds, answerSeconds, rate, ours, raw, ratio, addedP99Ms: added }, [
    { what: 'streams that were not exact', value: streams - ours.exact, most: 0 },
    { what: 'p95 of the first event, ms', value: ours.firstMs.p95, most: 1_000 },
    { what: 'p99 added to a delta, ms', value: added, most: 50 },
    { what: 'memory, MB', value: ours.memoryMb.most, most: 512 },
    { what: 'CPU a delta beside a pass-through', value: ratio, most: 3 },
  ]);
} finally {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  rmSync(home, { recursive: true, force: true });
}
