import { request } from 'node:https';
import { parseAllDocuments } from 'yaml';
import type { Json, JsonMap } from '../../src/json.ts';
import { asMap, canonical, isMap, written } from '../../src/json.ts';
import type { RecordedCluster } from './cluster.ts';
import { startRecordedCluster } from './cluster.ts';
import { compare, normalize } from './normalize.ts';
import type { Recorded, RecordedAnswer, RecordedRequest } from './recorded.ts';
import type { Answer, Workplace } from './shell.ts';
import { createWorkplace } from './shell.ts';

/** How a case went. */
export interface Outcome {
  readonly id: number | string;
  readonly section: string;
  readonly cmd: string;
  /** `unstable`: the real thing does not answer it the same way twice either. */
  readonly kind: 'same' | 'order' | 'different' | 'unstable';
  /** The first lines that differ. */
  readonly difference: readonly string[];
}

/** Where kubectl and helm are, and what else a shell needs. */
export interface ReplayOptions {
  readonly binaries: string;
  readonly path: string;
}

const seedCommands = [
  'kubectl apply -f nodes.yaml',
  'kubectl wait --for=condition=Ready node --all --timeout=20s',
  'kubectl apply -f cluster.yaml -f shop.yaml',
  'kubectl apply -f quota-refused.yaml',
];

/** A folder in which commands run against the cluster. */
export async function workplaceOf(
  cluster: RecordedCluster,
  files: Recorded['cases'],
  { binaries, path }: ReplayOptions,
): Promise<Workplace> {
  const { admin, jane } = cluster.credentials;
  const pki = { 'ca.crt': admin.ca, 'admin.crt': admin.cert, 'admin.key': admin.key, 'jane.crt': jane.cert, 'jane.key': jane.key };
  return createWorkplace({ binaries, path, files, pki, kubeconfigs: cluster.kubeconfigs });
}

/** Seeds the recorded world with kubectl, as it was recorded, and waits until it is at rest. */
export async function seedWorld(cluster: RecordedCluster, recorded: Recorded, options: ReplayOptions): Promise<void> {
  const place = await workplaceOf(cluster, recorded.seed, options);
  try {
    for (const command of seedCommands) {
      const { rc, stderr } = await place.run(command, 'admin');
      if (rc !== 0) throw new Error(`seeding failed at ${command}: ${stderr}`);
    }
    await cluster.settle();
  } finally {
    await place.dispose();
  }
}

/**
 * Seeds the recorded world without kubectl: client-side apply, as kubectl does it, is a create with an annotation that
 * holds the configuration.
 */
export async function seedWorldInProcess(cluster: RecordedCluster, recorded: Recorded): Promise<void> {
  const { sandbox } = cluster;
  const apply = async (object: JsonMap): Promise<void> => {
    const info = sandbox.api.registry.findKind(written(object.apiVersion), written(object.kind));
    if (!info) throw new Error(`the seed has an unknown kind ${written(object.kind)}`);
    const metadata = {
      ...asMap(object.metadata),
      ...(info.namespaced ? { namespace: asMap(object.metadata).namespace ?? 'default' } : {}),
    };
    const annotations = asMap(asMap(object.metadata).annotations);
    const remembered = `${canonical({ ...object, metadata: { ...metadata, annotations } })}\n`;
    const applied = {
      ...object,
      metadata: { ...metadata, annotations: { ...annotations, 'kubectl.kubernetes.io/last-applied-configuration': remembered } },
    };
    sandbox.api.create(info.storage, applied, { fieldManager: 'kubectl-client-side-apply' });
  };
  for (const name of ['nodes.yaml', 'cluster.yaml', 'shop.yaml', 'quota-refused.yaml']) {
    for (const document of parseAllDocuments(recorded.seed[name] ?? '')) {
      const value: unknown = document.toJS();
      if (isMap(value)) await apply(value);
    }
    await cluster.settle();
  }
}

/** The first lines that differ, from a little before the place where they do. */
function lines(expected: string, actual: string): string[] {
  const [left, right] = [normalize(expected).split('\n'), normalize(actual).split('\n')];
  const index = left.findIndex((line, at) => line !== right[at]);
  const at = index < 0 ? left.length : index;
  const [a, b] = [left[at] ?? '(end)', right[at] ?? '(end)'];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const from = start > 120 ? start - 40 : 0;
  return [`- ${a.slice(from, from + 200)}`, `+ ${b.slice(from, from + 200)}`];
}

function judge(recorded: RecordedAnswer, answer: Answer, unstable: ReadonlySet<number>): Outcome {
  const { id, section, cmd } = recorded;
  const parts = [compare(recorded.stdout, answer.stdout), compare(recorded.stderr, answer.stderr)];
  const kind = recorded.rc !== answer.rc || parts.includes('different') ? 'different' : parts.includes('order') ? 'order' : 'same';
  if (kind === 'same') return { id, section, cmd, kind, difference: [] };
  const difference = [
    ...(recorded.rc === answer.rc ? [] : [`rc ${recorded.rc} / ${answer.rc}`]),
    ...(parts[0] === 'same' ? [] : lines(recorded.stdout, answer.stdout)),
    ...(parts[1] === 'same' ? [] : lines(recorded.stderr, answer.stderr)),
  ];
  return { id, section, cmd, kind: unstable.has(id) ? 'unstable' : kind, difference };
}

/** Runs every recorded command in order against a sandbox and compares the answers. */
export async function* replayCommands(recorded: Recorded, options: ReplayOptions): AsyncGenerator<Outcome> {
  const cluster = await startRecordedCluster(recorded);
  const unstable = new Set(recorded.unstable.map(({ id }) => id));
  let place: Workplace | undefined;
  try {
    await seedWorld(cluster, recorded, options);
    place = await workplaceOf(cluster, recorded.cases, options);
    for (const entry of recorded.answers) yield judge(entry, await place.run(entry.cmd, entry.user), unstable);
  } finally {
    await place?.dispose();
    await cluster.close();
  }
}

const keptHeaders = ['content-type', 'warning', 'retry-after', 'allow', 'location', 'www-authenticate'];

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function send(
  cluster: RecordedCluster,
  { method, path, user = 'admin', accept = 'application/json', headers = {}, body, raw, type = 'application/json' }: RecordedRequest,
): Promise<HttpAnswer> {
  const { ca, cert, key } =
    user === 'none' ? { ca: cluster.credentials.admin.ca, cert: undefined, key: undefined } : cluster.credentials[user];
  const data = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const sent = {
    accept,
    'user-agent': 'kubectl',
    ...(data === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(data) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, cluster.sandbox.url), { ca, cert, key, method, headers: sent, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const kept = keptHeaders.flatMap((name) =>
          response.headers[name] === undefined ? [] : [[name, String(response.headers[name])] as const],
        );
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(kept), body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(data);
  });
}

const controllers = new Set<Json | undefined>(['kube-controller-manager', 'kube-scheduler', 'kwok']);

/** What controllers own, and the order of owners by the second, are a matter of luck: an object is compared without them. */
function withoutControllers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutControllers);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === 'managedFields' && Array.isArray(item))
        return [
          key,
          item
            .filter((entry) => !(isMap(entry) && controllers.has(entry.manager)))
            .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
        ];
      return [key, item === undefined ? item : withoutControllers(item)];
    }),
  );
}

function comparable(body: string): string {
  return body
    .split('\n')
    .map((line) => {
      try {
        return JSON.stringify(withoutControllers(JSON.parse(line)));
      } catch {
        // Not every line of a body is JSON of its own.
        return line;
      }
    })
    .join('\n');
}

/** Sends every recorded request in order and compares status, headers and body. */
export async function* replayRequests(recorded: Recorded, cluster: RecordedCluster): AsyncGenerator<Outcome> {
  for (const entry of recorded.http) {
    const answer = await send(cluster, entry);
    const head = (of: HttpAnswer): string => `${of.status} ${JSON.stringify(of.headers)}`;
    const sameHead = head(entry.answer) === head(answer);
    const kind = sameHead ? compare(comparable(entry.answer.body), comparable(answer.body)) : 'different';
    yield {
      id: entry.name,
      section: 'http',
      cmd: `${entry.method} ${entry.path}`,
      kind,
      difference:
        kind === 'same'
          ? []
          : [...(sameHead ? [] : [head(entry.answer), head(answer)]), ...lines(comparable(entry.answer.body), comparable(answer.body))],
    };
  }
}
