/* oxlint-disable no-console -- a program's own entry */
// Runs the shipped monitoring script beside the built service, and reads the shipped Prometheus files as their programs would.
//   node --conditions=@kw/source scripts/monitoring.ts [--json FILE]
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from '../packages/runtime/node_modules/yaml/dist/index.js';
import { startService } from './service.ts';

const root = resolve(import.meta.dirname, '..');
const monitoring = join(root, 'deploy/monitoring');
const json = process.argv[2] === '--json' ? process.argv[3] : undefined;
const results: { readonly name: string; readonly problems: readonly string[] }[] = [];

async function check(name: string, work: () => Promise<void>): Promise<void> {
  const problem = await work().then(
    () => undefined,
    (error: unknown) => String(error),
  );
  console.log(problem === undefined ? `ok      ${name}` : `FAILED  ${name}: ${problem}`);
  results.push({ name, problems: problem === undefined ? [] : [problem] });
}

function needs(programs: readonly string[]): void {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (missing.length > 0) spawnSync('sh', ['-c', 'apt-get update -q && apt-get install -y -q bc jq curl procps'], { stdio: 'ignore' });
}

needs(['bc', 'jq', 'curl', 'ps']);
const service = await startService();
const bin = await mkdtemp(join(tmpdir(), 'kw-bin-'));
await symlink(join(root, 'apps/cli/dist/main.js'), join(bin, 'kubelet-wuhrai'));
const env = { ...service.env, PATH: `${bin}:${join(root, 'node_modules/.bin')}:${service.env['PATH'] ?? ''}`, KW_URL: service.url };
try {
  await check('S183, S184, S185, S186: the monitoring script prints header, time and three values', async () => {
    const { stdout } = await promisify(execFile)('bash', [join(monitoring, 'monitor-kubelet-wuhrai.sh')], { env });
    const [header = '', time = '', response = '', memory = '', health = ''] = stdout.split('\n');
    strictEqual(header, '=== kubelet-wuhrai ===');
    match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    match(response, /^response time: \d*\.\d+ s$/);
    ok(Number(/^memory: ([\d.]+) %$/.exec(memory)?.[1]) > 0, memory);
    strictEqual(health, 'health: healthy');
  });
  await check('S188: prometheus.yml scrapes the job kubelet-wuhrai', async () => {
    const config: unknown = parse(await readFile(join(monitoring, 'prometheus.yml'), 'utf8'));
    const [job] = JSON.parse(JSON.stringify(config)).scrape_configs;
    deepStrictEqual(
      [job.job_name, job.scrape_interval, job.metrics_path, job.static_configs[0].targets],
      ['kubelet-wuhrai', '30s', '/metrics', ['localhost:8888']],
    );
  });
  await check('S187: every counter that alerts and dashboard ask for is one that the service has', async () => {
    const asked = await Promise.all(['alerts.yml', 'grafana-dashboard.json'].map((file) => readFile(join(monitoring, file), 'utf8')));
    const body = await (await fetch(`${service.url}/metrics`)).text();
    const known = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const names = new Set([...asked.join('\n').matchAll(/kubelet_wuhrai_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')));
    deepStrictEqual(
      [...names].filter((name) => !known.has(name)),
      [],
    );
  });
  if (spawnSync('sh', ['-c', 'command -v promtool']).status === 0)
    await check('promtool takes the files and the exposition', async () => {
      await promisify(execFile)('promtool', ['check', 'config', join(monitoring, 'prometheus.yml')]);
      const body = await (await fetch(`${service.url}/metrics`)).text();
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
      strictEqual(status, 0, stderr);
    });
} finally {
  await service.stop();
  await rm(bin, { recursive: true, force: true });
}
if (json !== undefined) await writeFile(json, JSON.stringify(results));
process.exitCode = results.some(({ problems }) => problems.length > 0) ? 1 : 0;
