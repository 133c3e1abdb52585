import type { Sandbox } from '@kw/sandbox';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A cluster and a namespace of one's own in it. */
export interface Cluster {
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Runs the real kubectl as its administrator; gives what it prints. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  readonly apply: (manifest: object) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The simulated cluster, with the namespace `shop`. */
export async function openSandbox(): Promise<Cluster & { readonly sandbox: Sandbox }> {
  const { createSandbox } = await import('@kw/sandbox');
  const sandbox = await createSandbox({ seed: 'cli' });
  const cluster = await openCluster(sandbox.kubeconfigPath);
  return {
    ...cluster,
    sandbox,
    close: async () => {
      await sandbox.close();
    },
  };
}

/** A cluster behind a kubeconfig; makes a namespace there, and `close` deletes it. */
export async function openCluster(kubeconfig: string, namespace = 'shop'): Promise<Cluster> {
  const file = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
  const run = async (args: readonly string[], input?: string): Promise<string> => {
    const running = promisify(execFile)(file, ['--kubeconfig', kubeconfig, ...args], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', KUBERC: 'off' },
      maxBuffer: 64 * 1024 * 1024,
    });
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  await run(['create', 'namespace', namespace]);
  return {
    kubeconfig,
    namespace,
    kubectl: (...args) => run(args),
    apply: async (manifest) => {
      await run(['apply', '--namespace', namespace, '-f', '-'], JSON.stringify(manifest));
    },
    close: async () => {
      await run(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

/** A deployment with so many replicas. */
export function deployment(name: string, replicas: number): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }] } },
    },
  };
}

/** The clusters of the tests: the simulated one, and a real one where `KW_TEST_KUBECONFIG` names it. */
export const clusters: readonly { readonly name: string; readonly open: () => Promise<Cluster> }[] = [
  { name: 'a simulated cluster', open: openSandbox },
  ...(process.env['KW_TEST_KUBECONFIG'] === undefined
    ? []
    : [{ name: 'a real cluster', open: () => openCluster(process.env['KW_TEST_KUBECONFIG'] ?? '', `kw-cli-${process.pid}`) }]),
];
