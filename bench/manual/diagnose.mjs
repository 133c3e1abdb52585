// `diagnose` over 10,000 pods of a simulated cluster, beside the plain lists that it needs, read and thrown away by the same number of connections.
// Promised: at most twice the time of the plain lists, and at most 300 MB of memory.
// Usage: node bench/manual/diagnose.mjs [pods = 10000]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, median, report, root } from '../measure.mjs';

const pods = Number(process.argv[2] ?? 10_000);
const rounds = 3;
const atOnce = 4;

if (process.argv[2] === 'serve') await serve(Number(process.argv[3]));
else await measure();

/** A cluster: so many pods of Deployments with 20 each, of which one in fifty is broken. */
async function serve(count) {
  const { createSandbox } = await import(join(root, 'packages/sandbox/dist/index.js'));
  const sandbox = await createSandbox({ seed: 'bench' });
  const { api } = sandbox;
  const make = (resource, object, status) => {
    const made = api.create(resource, object);
    if (status !== undefined)
      api.patch(
        resource,
        object.metadata.name,
        object.metadata.namespace ?? '',
        { type: 'merge', body: { status } },
        { subresource: 'status' },
      );
    return made;
  };
  const ready = [
    { type: 'Ready', status: 'True' },
    { type: 'PodScheduled', status: 'True' },
  ];
  for (let at = 0; at < 50; at += 1)
    make(
      'nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: `n${at}` } },
      { allocatable: { cpu: '64', memory: '256Gi', pods: '500' }, conditions: [{ type: 'Ready', status: 'True' }] },
    );
  for (let at = 0; at < 20; at += 1) make('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${at}` } });
  for (let at = 0; at < count / 20; at += 1) {
    const [namespace, name] = [`team-${at % 20}`, `app-${at}`];
    const labels = { app: name };
    const image = `registry.example.com/team/${name}:1.${at}`;
    const spec = {
      containers: [
        {
          name: 'app',
          image,
          ports: [{ name: 'http', containerPort: 8080 }],
          env: Array.from({ length: 20 }, (_, each) => ({ name: `SETTING_${each}`, value: `a value of an application, number ${each}` })),
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          readinessProbe: { httpGet: { path: '/readyz', port: 8080 } },
        },
      ],
    };
    const controller = { spec: { replicas: 20, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
    const isBroken = at % 50 === 0;
    const deployment = make(
      'deployments.apps',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, ...controller },
      { observedGeneration: 1, replicas: 20, updatedReplicas: 20, readyReplicas: isBroken ? 0 : 20 },
    );
    const set = make(
      'replicasets.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: `${name}-5d`, namespace, ownerReferences: [ownerOf(deployment)] },
        ...controller,
      },
      { replicas: 20, readyReplicas: isBroken ? 0 : 20 },
    );
    make('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
    });
    for (let pod = 0; pod < 20; pod += 1) {
      const podName = `${name}-5d-${pod}`;
      const container = isBroken
        ? {
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": not found` } },
          }
        : { ready: true, restartCount: 0, started: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } };
      make(
        'pods',
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: podName, namespace, labels, ownerReferences: [ownerOf(set)] },
          spec: { ...spec, nodeName: `n${(at + pod) % 50}` },
        },
        {
          phase: isBroken ? 'Pending' : 'Running',
          conditions: isBroken ? [{ type: 'Ready', status: 'False' }] : ready,
          containerStatuses: [{ name: 'app', image, imageID: 'sha256:0', ...container }],
        },
      );
    }
  }
  process.stdout.write(`${sandbox.kubeconfigPath} ${sandbox.url}\n`);
  setInterval(() => undefined, 60_000); // until it is killed
}

function ownerOf({ apiVersion, kind, metadata: { name, uid } }) {
  return { apiVersion, kind, name, uid, controller: true };
}

async function measure() {
  const home = mkdtempSync(join(tmpdir(), 'kw-bench-diagnose-'));
  const server = spawn(process.execPath, [import.meta.filename, 'serve', String(pods)], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
    const [kubeconfig, url] = line.trim().split(' ');
    const lists = [];
    const times = [];
    const figures = { pods };
    for (let round = 0; round < rounds; round += 1) {
      times.push(await diagnose(kubeconfig, home, figures));
      lists.push(await readLists(url, figures));
    }
    figures.diagnoseMs = Math.round(median(times));
    figures.listsMs = Math.round(median(lists));
    report('diagnose', figures, [
      { what: 'diagnose beside the plain lists', value: Math.round((figures.diagnoseMs / figures.listsMs) * 100) / 100, most: 2 },
      { what: 'peak memory, MB', value: figures.peakMb, most: 300 },
    ]);
  } finally {
    server.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

/** The command, with the largest memory that it ever had. */
async function diagnose(kubeconfig, home, figures) {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'diagnose', '-A', '-o', 'json'], {
    env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watching = setInterval(() => (figures.peakMb = Math.max(figures.peakMb ?? 0, peakOf(child.pid))), 10);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (text += data));
  await once(child, 'close');
  clearInterval(watching);
  const { findings, objects } = JSON.parse(text);
  Object.assign(figures, { findings: findings.length, objects });
  return performance.now() - started;
}

function peakOf(pid) {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0; // it has ended
  }
}

/** The same lists, page by page; nothing is parsed but where the next page begins. */
async function readLists(url, figures) {
  const paths = ['api/v1/pods', 'apis/apps/v1/deployments', 'apis/apps/v1/replicasets', 'api/v1/services', 'api/v1/events', 'api/v1/nodes'];
  const started = performance.now();
  figures.listMb = 0;
  const next = async () => {
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      for (let token = ''; token !== undefined;) {
        const query = token === '' ? 'limit=500&resourceVersion=0' : `limit=500&continue=${encodeURIComponent(token)}`;
        const bytes = Buffer.from(await (await fetch(`${url}/${path}?${query}`)).arrayBuffer());
        figures.listMb += bytes.length / 1e6;
        token = /"continue":"([^"]+)"/.exec(bytes.toString('latin1'))?.[1];
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  figures.listMb = Math.round(figures.listMb * 10) / 10;
  return performance.now() - started;
}
