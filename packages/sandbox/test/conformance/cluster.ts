import { parse, stringify } from 'yaml';
import type { JsonMap } from '../../src/json.ts';
import { asMap, written } from '../../src/json.ts';
import type { Sandbox } from '../../src/sandbox.ts';
import { createSandbox } from '../../src/sandbox.ts';
import { createStagedKubelets, parseRuntimeLog } from '../../src/world/kubelet/staged.ts';
import type { SimulatedWorld } from '../../src/world/world.ts';
import { startWorld } from '../../src/world/world.ts';
import type { Recorded } from './recorded.ts';

/** Who makes the recorded requests. */
export type RecordedUser = 'admin' | 'jane';

/** A sandbox that looks like the recorded cluster: same nodes, same kubelets, same names in the kubeconfig. */
export interface RecordedCluster {
  readonly sandbox: Sandbox;
  readonly kubeconfigs: Readonly<Record<RecordedUser, string>>;
  readonly credentials: Readonly<Record<RecordedUser, { readonly ca: string; readonly cert: string; readonly key: string }>>;
  /** Waits until nothing changes any more. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const identities = { admin: { user: 'kubernetes-admin', groups: ['system:masters'] }, jane: { user: 'jane', groups: ['dev'] } } as const;

/** The containers whose log the run before them had too. */
const withPrevious = new Set(['payments', 'recommender', 'crash']);

/** Starts the cluster, without the seeded world. */
export async function startRecordedCluster(recorded: Recorded): Promise<RecordedCluster> {
  const logs = new Map(
    Object.entries(recorded.seed)
      .filter(([name]) => name.startsWith('logs/'))
      .map(([name, text]) => {
        const container = name.slice('logs/'.length, -'.log'.length);
        return [container === 'web' ? '*' : container, { lines: parseRuntimeLog(text), previous: withPrevious.has(container) }] as const;
      }),
  );
  let world: SimulatedWorld | undefined;
  const sandbox = await createSandbox({
    auth: 'tls',
    seed: 'conformance',
    world: (api) => (world = startWorld(api, { kubelets: (context) => createStagedKubelets(context, logs) })),
  });
  const config = (user: RecordedUser): JsonMap => parse(sandbox.kubeconfig(identities[user]));
  const entry = (of: JsonMap, list: string, name: string): JsonMap => asMap(asMap(Array.isArray(of[list]) ? of[list][0] : undefined)[name]);
  const decode = (value: JsonMap[string]): string => Buffer.from(written(value), 'base64').toString();
  const credentialsOf = (user: RecordedUser): { ca: string; cert: string; key: string } => {
    const [cluster, account] = [entry(config(user), 'clusters', 'cluster'), entry(config(user), 'users', 'user')];
    // Each call issues a certificate of its own: certificate and key must come from one.
    return {
      ca: decode(cluster['certificate-authority-data']),
      cert: decode(account['client-certificate-data']),
      key: decode(account['client-key-data']),
    };
  };
  const credentials = { admin: credentialsOf('admin'), jane: credentialsOf('jane') };
  const kubeconfig = (user: RecordedUser): string =>
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'kw-real', cluster: { server: sandbox.url, 'certificate-authority': '../pki/ca.crt' } }],
      users: [{ name: user, user: { 'client-certificate': `../pki/${user}.crt`, 'client-key': `../pki/${user}.key` } }],
      contexts: [{ name: 'kw-real', context: { cluster: 'kw-real', user, namespace: 'default' } }],
      'current-context': 'kw-real',
    });
  return {
    sandbox,
    credentials,
    kubeconfigs: { admin: kubeconfig('admin'), jane: kubeconfig('jane') },
    settle: async () => world?.settle(),
    close: () => sandbox.close(),
  };
}
