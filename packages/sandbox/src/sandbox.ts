import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { admissionPlugins } from './admission/index.ts';
import type { Engine } from './api/engine.ts';
import { createEngine } from './api/engine.ts';
import { createRegistry, resourcesOfDiscovery } from './api/registry.ts';
import type { Api, Kubelet } from './api/types.ts';
import type { Identity } from './auth/authenticate.ts';
import { createAuthentication } from './auth/authenticate.ts';
import { preventEscalation } from './auth/escalation.ts';
import { createTokens } from './auth/tokens.ts';
import { bootstrapCluster } from './builtin/bootstrap.ts';
import { signRequests } from './builtin/certificate-signer.ts';
import { serveDefinitions } from './builtin/definitions.ts';
import { applyManifest } from './builtin/manifests.ts';
import { furnishNamespaces } from './builtin/namespace-basics.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { discoveryTable } from './data.ts';
import { fetchTransport } from './http/fetch.ts';
import { handleRequest } from './http/handler.ts';
import type { ClientCertificate } from './http/listen.ts';
import { listen } from './http/listen.ts';
import type { ApiRequest, ApiResponse } from './http/messages.ts';
import { idleKubelet } from './kubelet.ts';
import type { JsonMap } from './json.ts';
import { isMap } from './json.ts';
import { seededRandom } from './random.ts';
import { validateObject } from './validation/validate.ts';

/** What runs beside the API server: controllers, a scheduler, kubelets. */
export interface World {
  readonly kubelet: Kubelet;
  stop(): void;
}

/** How to make a sandbox. */
export interface SandboxOptions {
  /** The time of the cluster; the machine's where it is left out. */
  readonly clock?: Clock;
  /** The same seed gives the same names, uids and addresses. */
  readonly seed?: string;
  /** YAML documents or objects that are there from the start. */
  readonly manifests?: readonly (string | JsonMap)[];
  /**
   * `url` (the default): whoever knows the URL is an administrator. `tls`: HTTPS with certificates and tokens of its own;
   * nobody else gets in, and rights are checked.
   */
  readonly auth?: 'url' | 'tls';
  /** Starts what runs beside the API server; nothing where it is left out. */
  readonly world?: (api: Api) => World;
}

/** A line of the request log. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query, without the capability prefix. */
  readonly path: string;
  readonly status: number;
  /** Who sent it. */
  readonly user: string;
  /** In whose name, where it asked for that; with status 403 it may not have got it. */
  readonly impersonatedUser?: string;
}

/** A running cluster in this process. */
export interface Sandbox {
  /** Where kubectl and other clients find it. */
  readonly url: string;
  /** The API without HTTP. */
  readonly api: Api;
  /** A kubeconfig of an administrator, readable by its owner only; deleted by `close`. */
  readonly kubeconfigPath: string;
  /** Every request over HTTP or `fetch` so far, the oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Answers a request in process, as an administrator: a `fetch` for clients that take one. Only URLs below `url`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** The text of a kubeconfig for a user; the administrator where none is named. */
  kubeconfig(identity?: Identity): string;
  /** Writes a kubeconfig, mode 0600. */
  writeKubeconfig(path: string, identity?: Identity): Promise<void>;
  /** Frees the port, stops everything and deletes the kubeconfig. */
  close(): Promise<void>;
}

/** How many requests the log keeps. */
const maxLoggedRequests = 10_000;

/** Starts a Kubernetes API server on a free port of the loopback interface. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock(), seed = 'sandbox', manifests = [], auth = 'url' } = options;
  const engine = createSandboxEngine(clock, seed);
  const tokens = createTokens();
  const authentication = createAuthentication({ mode: auth, tokens, clock });
  const stopDefinitions = serveDefinitions(engine);
  const stopNamespaces = furnishNamespaces(engine, authentication.authority.certificate);
  const stopSigner = signRequests(engine, authentication.authority);
  bootstrapCluster(engine);
  const world = options.world?.(engine);
  for (const manifest of manifests) for (const object of documentsOf(manifest)) applyManifest(engine, object);
  const server = { engine, kubelet: world?.kubelet ?? idleKubelet, tokens };
  const requests: LoggedRequest[] = [];
  const prefix = auth === 'url' ? `/c/${randomBytes(16).toString('hex')}` : '';
  const answer = async (request: ApiRequest, client: ClientCertificate | undefined): Promise<ApiResponse> => {
    const own = withoutPrefix(request, prefix);
    let user = '';
    const response = own
      ? await handleRequest(
          server,
          (incoming) => {
            const found = authentication.authenticate(incoming, client);
            user = found?.name ?? '';
            return found;
          },
          own,
        )
      : { status: 404, headers: [['content-type', 'text/plain']] as const, body: 'no sandbox at this path\n' };
    const query = request.query.size > 0 ? `?${request.query}` : '';
    const impersonatedUser = request.headers.get('impersonate-user');
    requests.push({
      method: request.method,
      path: `${own?.path ?? request.path}${query}`,
      status: response.status,
      user,
      ...(impersonatedUser !== undefined && { impersonatedUser }),
    });
    if (requests.length > maxLoggedRequests) requests.shift();
    return response;
  };
  const listener = await listen(answer, authentication.certificate);
  const origin = `${auth === 'tls' ? 'https' : 'http'}://127.0.0.1:${listener.port}`;
  const url = `${origin}${prefix}`;
  const kubeconfig = (identity?: Identity): string => authentication.kubeconfig(url, identity);
  const folder = await mkdtemp(join(tmpdir(), 'kw-sandbox-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writeFile(kubeconfigPath, kubeconfig(), { mode: 0o600 });
  return {
    url,
    api: engine,
    kubeconfigPath,
    requests,
    fetch: fetchTransport(url, (request) => answer(request, authentication.administrator)),
    kubeconfig,
    async writeKubeconfig(path, identity) {
      await writeFile(path, kubeconfig(identity), { mode: 0o600 });
      await chmod(path, 0o600);
    },
    async close() {
      world?.stop();
      stopDefinitions();
      stopNamespaces();
      stopSigner();
      await listener.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An API without HTTP and without anything in it. */
export function createSandboxEngine(clock: Clock, seed: string): Engine {
  const { api, apis } = discoveryTable();
  const registry = createRegistry([...resourcesOfDiscovery(api), ...resourcesOfDiscovery(apis)]);
  const engine: Engine = createEngine({
    clock,
    random: seededRandom(seed),
    registry,
    plugins: [preventEscalation(() => engine), ...admissionPlugins],
    validate: validateObject,
  });
  return engine;
}

function withoutPrefix(request: ApiRequest, prefix: string): ApiRequest | undefined {
  if (prefix === '') return request;
  if (request.path !== prefix && !request.path.startsWith(`${prefix}/`)) return undefined;
  return { ...request, path: request.path.slice(prefix.length) || '/' };
}

function documentsOf(manifest: string | JsonMap): JsonMap[] {
  if (typeof manifest !== 'string') return [manifest];
  return parseAllDocuments(manifest).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`a manifest of the sandbox is no YAML: ${error.message}`);
    const value: unknown = document.toJS();
    return isMap(value) ? [value] : [];
  });
}
