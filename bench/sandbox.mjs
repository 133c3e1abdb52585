// What the sandbox costs: node bench/sandbox.mjs [part ...]
// Prints one JSON object; each part runs in a process of its own. kubectl is taken from PATH (the part `list` needs it).
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';

/** The built package where there is one; from source Node's own TypeScript loader weighs 30 MB more. */
const dist = new URL('../packages/sandbox/dist/index.js', import.meta.url);
const isBuilt = existsSync(dist) && statSync(dist).size > 1000;
const packageModule = isBuilt ? dist : new URL('../packages/sandbox/src/index.ts', import.meta.url);
const megabytes = () => Math.round(process.memoryUsage.rss() / 1e6);
const round = (ms) => Math.round(ms);

const node = (index, pods) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${index}`, labels: { 'kubernetes.io/hostname': `node-${index}` } },
  spec: { podCIDR: `10.${index}.0.0/16` },
  status: { capacity: { cpu: '64', memory: '256Gi', pods: String(pods) }, allocatable: { cpu: '64', memory: '256Gi', pods: String(pods) } },
});
const template = (name) => ({ metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `example.com/${name}:1` }] } });

const parts = {
  /** An empty cluster: until it answers, and what the process weighs then (of which Node itself: baseline). */
  async boot() {
    const baselineMB = megabytes();
    const { createSandbox } = await import(packageModule);
    const start = performance.now();
    const sandbox = await createSandbox();
    const response = await fetch(`${sandbox.url}/version`);
    await response.text();
    const ms = round(performance.now() - start);
    const result = { ms, limitMs: 300, rssMB: megabytes(), limitMB: 100, baselineMB };
    await sandbox.close();
    return result;
  },
  /** The demo with its simulated past. */
  async demo() {
    const { createDemo } = await import(packageModule);
    const start = performance.now();
    const demo = await createDemo();
    const result = { ms: round(performance.now() - start), rssMB: megabytes(), versions: demo.api.resourceVersion() };
    await demo.close();
    return result;
  },
  /** 2,000 ConfigMaps over HTTP, 16 at a time. */
  async creates() {
    const { createSandbox } = await import(packageModule);
    const sandbox = await createSandbox();
    const total = 2000;
    let next = 0;
    const start = performance.now();
    const worker = async () => {
      for (let index = next++; index < total; index = next++) {
        const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c-${index}` }, data: { a: 'b' } });
        const response = await fetch(`${sandbox.url}/api/v1/namespaces/default/configmaps`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        if (response.status !== 201) throw new Error(`status ${response.status}: ${await response.text()}`);
        await response.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const ms = round(performance.now() - start);
    await sandbox.close();
    return { total, ms, limitMs: 3000, perSecond: round((total / ms) * 1000) };
  },
  /** A Deployment of 200 replicas: until all are Ready. */
  async ready() {
    const { createSandbox, startWorld } = await import(packageModule);
    let world;
    const sandbox = await createSandbox({
      world: (api) => (world = startWorld(api)),
      manifests: [1, 2, 3].map((index) => node(index, 110)),
    });
    await world.settle();
    const start = performance.now();
    sandbox.api.create('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'many', namespace: 'default' },
      spec: { replicas: 200, selector: { matchLabels: { app: 'many' } }, template: template('many') },
    });
    const alive = setInterval(() => {}, 1000); // the sandbox's own timers do not keep a process going
    const readyMs = await new Promise((resolve) => {
      sandbox.api.watch(({ resource, object }) => {
        if (resource.storage === 'deployments.apps' && object.status?.readyReplicas === 200) resolve(round(performance.now() - start));
      });
    });
    clearInterval(alive);
    await sandbox.close();
    return { pods: 200, ms: readyMs, limitMs: 2000 };
  },
  /** 10,000 pods: kubectl lists them, as a table and as JSON in pages. */
  async list() {
    const { createSandbox } = await import(packageModule);
    const sandbox = await createSandbox();
    const total = 10_000;
    const start = performance.now();
    for (let index = 0; index < total; index++) {
      sandbox.api.create('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `p-${String(index).padStart(5, '0')}`, namespace: 'default' },
        spec: template('p').spec,
      });
    }
    const createMs = round(performance.now() - start);
    const kubectl = async (...words) => {
      const begin = performance.now();
      const { stdout } = await promisify(execFile)('kubectl', ['--kubeconfig', sandbox.kubeconfigPath, ...words], { maxBuffer: 1 << 30 });
      return { ms: round(performance.now() - begin), lines: stdout.split('\n').length - 1 };
    };
    const table = await kubectl('get', 'pods', '--no-headers');
    const names = await kubectl('get', 'pods', '-o', 'name');
    const rssMB = megabytes();
    await sandbox.close();
    return { total, createMs, tableMs: table.ms, tableLines: table.lines, namesMs: names.ms, nameLines: names.lines, rssMB };
  },
};

const [mode, part] = process.argv.slice(2);
if (mode === '--child') {
  const result = await parts[part]();
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ ...result, processCpuMs: round((user + system) / 1000) }));
  process.exit(0);
}
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const results = { from: isBuilt ? 'dist' : 'src', node: process.version, load: loadavg()[0] };
for (const name of wanted) {
  if (!Object.hasOwn(parts, name)) throw new Error(`no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, '--child', name], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  results[name] = status === 0 ? JSON.parse(stdout) : { error: stderr.trim().split('\n').slice(0, 12).join('\n') };
}
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
