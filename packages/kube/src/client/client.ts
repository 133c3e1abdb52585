import type { CredentialSource } from '../credentials/types.ts';
import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import { quote } from '../text.ts';
import type { KubeTransport } from '../transport/types.ts';
import { readText } from './body.ts';
import { createChanges } from './changes.ts';
import { discoverResources } from './discovery.ts';
import { exchange } from './exchange.ts';
import { listPages } from './list.ts';
import { isRecord, toKubeObject } from './object.ts';
import { apiPath, findResource } from './resource.ts';
import type { ApiResources } from './resource.ts';
import { toStatusError } from './status-error.ts';
import type { RequestFacts } from './status-error.ts';
import type { CallOptions, KubeClient, KubeRequest, KubeStream, KubeText, ServerVersion } from './types.ts';
import { parseWarnings } from './warnings.ts';
import { watchResource } from './watch.ts';

const defaultMaxBodyBytes = 64 * 1024 * 1024;
const maxErrorBytes = 256 * 1024;
const discoveryTtlMs = 10 * 60_000;

/** What a client is made of. */
export interface ClientParts {
  readonly host: Pick<KubeHost, 'now' | 'sleep'>;
  readonly connection: Connection;
  readonly credentials: CredentialSource;
  readonly transport: KubeTransport;
  readonly userAgent?: string | undefined;
}

/** Makes a client of one API server. Nothing is sent before the first call. */
export function createKubeClient({ host, connection, credentials, transport, userAgent = 'kubelet-wuhrai' }: ClientParts): KubeClient {
  const closing = new AbortController();
  const ports = { host, connection, credentials, transport, userAgent, closed: closing.signal };
  const factsOf = (path: string, method = 'GET'): RequestFacts => ({
    server: connection.server,
    context: connection.context,
    user: connection.userName,
    method,
    path,
  });
  let discovered: { readonly resources: ApiResources; readonly at: number } | undefined;

  async function stream(request: KubeRequest): Promise<KubeStream> {
    if (closing.signal.aborted) throw new KubeError('bad-call', `The client of ${quote(connection.server)} is closed.`);
    const { status, headers, body } = await exchange(ports, checkPath(request));
    if (status >= 200 && status < 300) return { status, headers, warnings: parseWarnings(headers['warning']), body };
    const text = await readText(body, maxErrorBytes, request.path);
    throw toStatusError(status, text, factsOf(request.path, request.method));
  }

  async function send(request: KubeRequest): Promise<KubeText> {
    const { body, ...answer } = await stream(request);
    return { ...answer, text: await readText(body, request.maxBodyBytes ?? defaultMaxBodyBytes, request.path) };
  }

  async function json(request: KubeRequest): Promise<unknown> {
    const { text, headers } = await send(request);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new KubeError(
        'bad-answer',
        `${quote(connection.server)} answered ${request.path} with ${quote(headers['content-type'] ?? 'no content type')} that is not JSON. Is it a Kubernetes API server?`,
        { cause: error },
      );
    }
  }

  async function resources({ refresh = false, ...call }: CallOptions & { readonly refresh?: boolean } = {}): Promise<ApiResources> {
    const age = discovered === undefined ? Infinity : host.now() - discovered.at;
    if (discovered !== undefined && !refresh && age >= 0 && age < discoveryTtlMs) return discovered.resources;
    const found = await discoverResources(send, call);
    discovered = { resources: found, at: host.now() };
    return found;
  }

  return {
    server: connection.server,
    request: send,
    json,
    stream,
    get: async ({ resource, ...to }, call = {}) => {
      const path = apiPath(resource, to);
      return toKubeObject(await json({ path, ...call }), path);
    },
    pages: (resource, options) => listPages(json, resource, options),
    list: async function* (resource, options) {
      for await (const { items } of listPages(json, resource, options)) yield* items;
    },
    watch: (resource, options) => watchResource({ host, stream, facts: factsOf }, resource, options),
    ...createChanges(send),
    serverVersion: async (call = {}) => toServerVersion(await json({ path: '/version', ...call })),
    resources,
    resolveResource: async (name, call) => {
      // A kind that is missing may have been installed since.
      const found =
        findResource((await resources(call)).resources, name) ??
        findResource((await resources({ ...call, refresh: true })).resources, name);
      if (found === undefined)
        throw new KubeError(
          'unknown-resource',
          `The server ${quote(connection.server)} has no resource ${quote(name)}; "kubectl api-resources" lists what it has.`,
        );
      return found;
    },
    close: async () => {
      closing.abort(new KubeError('bad-call', `The client of ${quote(connection.server)} was closed.`));
      credentials.close();
      await transport.close();
    },
  };
}

function checkPath(request: KubeRequest): KubeRequest {
  // The path decides where a request goes: it must not leave the server's own.
  if (/^\/[\w\-.~%!$&'()*+,;=:@/?]*$/.test(request.path) && !/\/\.\.?(?:\/|\?|$)/.test(request.path)) return request;
  throw new KubeError(
    'bad-call',
    `${quote(request.path)} is not a path below the API server: it must begin with "/", be percent-encoded and have no "." or ".." in it.`,
  );
}

function toServerVersion(answer: unknown): ServerVersion {
  if (!isRecord(answer) || typeof answer['gitVersion'] !== 'string')
    throw new KubeError('bad-answer', 'The answer at /version names no gitVersion. Is this a Kubernetes API server?');
  const { gitVersion, major, minor, platform } = answer;
  return {
    gitVersion,
    major: typeof major === 'string' ? major : '',
    minor: typeof minor === 'string' ? minor : '',
    ...(typeof platform === 'string' && { platform }),
  };
}
