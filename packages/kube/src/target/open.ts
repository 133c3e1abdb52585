import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createKubeClient } from '../client/client.ts';
import type { KubeClient } from '../client/types.ts';
import { createCredentialSource } from '../credentials/source.ts';
import { isKubeError, KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import { loadKubeconfig } from '../kubeconfig/load.ts';
import { resolveConnection } from '../kubeconfig/resolve.ts';
import type { Impersonation } from '../kubeconfig/types.ts';
import { quote } from '../text.ts';
import type { TransportFactory } from '../transport/types.ts';
import { nodeTransport } from '../transport/node-transport.ts';
import { createTargetDirectory } from './directory.ts';
import { toKubeconfigDocument } from './document.ts';
import { kubectlEnvironment, pluginEnvironment, shellEnvironment } from './environment.ts';
import type { ProcessEnvironment } from './environment.ts';
import { toKubeTarget } from './kube-target.ts';
import type { ActingUser, KubeTarget } from './kube-target.ts';

const brand: unique symbol = Symbol.for('kw.open-kube-target');

/** A dead server does not hold up a run's beginning for longer. */
const versionTimeoutMs = 5_000;

/** How clusters are found and reached. Everything but `host` has a default. */
export interface KubeOptions {
  readonly host: KubeHost;
  /** One kubeconfig file instead of KUBECONFIG and `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Acts as somebody else, instead of what the kubeconfig says. */
  readonly impersonate?: Impersonation | undefined;
  /** The token of a user who acts with it; undefined where it is not at hand now. */
  readonly tokenOf?: ((as: ActingUser) => string | undefined) | undefined;
  /** Names of further environment variables for kubectl and exec plugins. */
  readonly passEnvironment?: readonly string[] | undefined;
  /** How requests travel; default: node:https. */
  readonly transport?: TransportFactory | undefined;
  /** An exec plugin that takes longer is ended. Default 60,000. */
  readonly execTimeoutMs?: number | undefined;
  /** For the User-Agent header. */
  readonly userAgent?: string | undefined;
  /** A folder in which kubectl keeps what it learnt of each target (its API groups) for later runs. Default, and where it can't be made: for one run, with the target. */
  readonly cacheDirectory?: string | undefined;
}

/** Which target is wished for. */
export interface TargetWish {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  /** As whom commands act; absent: as the kubeconfig says. */
  readonly as?: ActingUser | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A frozen target that is ready for kubectl and for reads over REST. `close` may be called twice. */
export interface OpenKubeTarget {
  readonly [brand]: true;
  readonly target: KubeTarget;
  /** A kubeconfig of our own, 0600 in a 0700 directory, with this one context. */
  readonly kubeconfigPath: string;
  /** kubectl's discovery and HTTP cache, this target's alone. */
  readonly cacheDirectory: string;
  readonly client: KubeClient;
  /** For kubectl run by argv. */
  readonly kubectlEnvironment: ProcessEnvironment;
  /** For shells and custom tools: smaller, without cloud variables. */
  readonly shellEnvironment: ProcessEnvironment;
  /** The server's version, such as `v1.36.3`; undefined where it does not answer. Asked once. */
  serverVersion(signal?: AbortSignal): Promise<string | undefined>;
  /** The secret values that are known by now, for redaction: tokens, passwords, private keys. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

/** Recognises a target of this package, also of another copy of it. */
export function isOpenKubeTarget(value: unknown): value is OpenKubeTarget {
  return typeof value === 'object' && value !== null && brand in value && value[brand] === true;
}

/** Resolves a wish to one cluster and one caller, once. Reads files, asks no server. */
export async function freezeTarget(options: KubeOptions & TargetWish): Promise<KubeTarget> {
  return toKubeTarget(await connect(options), options.as);
}

/** Freezes and opens a target. Throws what {@link freezeTarget} throws, and `target-directory`. */
export async function openTarget(options: KubeOptions & TargetWish): Promise<OpenKubeTarget> {
  return openConnection(options, await connect(options));
}

/** Opens a target that was frozen earlier or elsewhere. Throws `target-changed` where its context now means another cluster or caller. */
export async function reopenTarget(
  frozen: KubeTarget,
  options: KubeOptions & { readonly signal?: AbortSignal | undefined },
): Promise<OpenKubeTarget> {
  const { context, namespace, as } = frozen;
  const connection = await connect({ ...options, context, namespace, as }).catch((error: unknown) => {
    if (!isKubeError(error, 'unknown-context') && !isKubeError(error, 'no-cluster')) throw error;
    throw new KubeError('target-changed', `The context ${quote(context)} of this run is gone: ${error.message}`, {
      cause: error,
      details: { context },
    });
  });
  const now = toKubeTarget(connection, as);
  const difference = differenceOf(frozen, now);
  if (difference !== undefined) {
    throw new KubeError(
      'target-changed',
      `The context ${quote(context)} means something else than when this run began: ${difference}. Nothing was run. Start a new run, or put the context back.`,
      { details: { context, server: now.server } },
    );
  }
  return openConnection({ ...options, as }, connection);
}

function differenceOf(then: KubeTarget, now: KubeTarget): string | undefined {
  const fields = [
    ['server', then.server, now.server],
    ['certificate authority', then.caHash, now.caHash],
    ['user', then.user, now.user],
    ['impersonation or TLS server name', then.fingerprint, now.fingerprint],
  ] as const;
  const [name, before, after] = fields.find(([, was, is]) => was !== is) ?? [];
  return name === undefined ? undefined : `its ${name} was ${quote(before ?? '')} and is ${quote(after ?? '')}`;
}

async function connect(options: KubeOptions & TargetWish): Promise<Connection> {
  const { host, kubeconfig, context, namespace, impersonate, as, signal } = options;
  const config = await loadKubeconfig(host, { kubeconfig, signal });
  const connection = await resolveConnection(host, config, { context, namespace, signal });
  if (as === undefined) return impersonate === undefined ? connection : { ...connection, impersonate };
  if (as.via === 'impersonation')
    return { ...connection, impersonate: { user: as.user, ...(as.groups !== undefined && { groups: as.groups }) } };
  const { impersonate: _ofFile, ...plain } = connection;
  return { ...plain, userName: as.user, user: {} };
}

async function openConnection(options: KubeOptions & Pick<TargetWish, 'as' | 'signal'>, resolved: Connection): Promise<OpenKubeTarget> {
  const connection = withToken(resolved, options);
  const host = connection === resolved ? options.host : inMemory(options.host);
  const { passEnvironment, transport = nodeTransport, execTimeoutMs, userAgent, signal } = options;
  signal?.throwIfAborted();
  const credentials = createCredentialSource(host, connection, { environment: pluginEnvironment(host, passEnvironment), execTimeoutMs });
  const directory = await createTargetDirectory(host);
  try {
    const kubeconfigPath = await directory.write('config', toKubeconfigDocument(connection));
    const target = toKubeTarget(connection, options.as);
    const cacheDirectory = (await lastingCache(options, target)) ?? join(directory.path, 'cache');
    const places = { kubeconfigPath, cacheDirectory };
    const client = createKubeClient({ host, connection, credentials, transport: transport(connection, host), userAgent });
    return {
      [brand]: true,
      target,
      ...places,
      client,
      kubectlEnvironment: kubectlEnvironment(host, places, passEnvironment),
      shellEnvironment: shellEnvironment(host, places),
      serverVersion: askVersionOnce(client),
      secrets: () => credentials.secrets(),
      close: async () => {
        try {
          await client.close();
        } finally {
          await directory.remove();
        }
      },
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

/** The same with the acting user's token, where one is needed. */
function withToken(connection: Connection, { as, tokenOf }: KubeOptions & Pick<TargetWish, 'as'>): Connection {
  if (as?.via !== 'token') return connection;
  const token = tokenOf?.(as);
  if (token !== undefined) return { ...connection, user: { token } };
  throw new KubeError('no-token', `The token of ${quote(as.user)} is not at hand: what acts with it goes on when this user asks again.`, {
    details: { context: connection.context },
  });
}

/** Somebody else's token never reaches a disk: kubectl finds it in a file system that is kept in memory. */
function inMemory(host: KubeHost): KubeHost {
  return { ...host, temporaryDirectory: host.memoryDirectory };
}

/** The folder of a target that outlives it; undefined where none is wished for, or none can be had that is this user's alone. */
async function lastingCache({ cacheDirectory, host }: KubeOptions, { fingerprint }: KubeTarget): Promise<string | undefined> {
  if (cacheDirectory === undefined) return undefined;
  try {
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    const { mode, uid } = await lstat(cacheDirectory);
    const mine = (host.userId === undefined || uid === host.userId) && (mode & 0o077) === 0;
    return mine ? join(cacheDirectory, fingerprint) : undefined;
  } catch {
    return undefined; // a read-only home, as in many containers
  }
}

function askVersionOnce(client: KubeClient): OpenKubeTarget['serverVersion'] {
  let answer: { readonly version: string | undefined } | undefined;
  return async (signal) => {
    if (answer === undefined) {
      const version = await client.serverVersion({ signal, headerTimeoutMs: versionTimeoutMs }).then(
        ({ gitVersion }) => gitVersion,
        () => undefined,
      );
      signal?.throwIfAborted();
      answer = { version };
    }
    return answer.version;
  };
}
