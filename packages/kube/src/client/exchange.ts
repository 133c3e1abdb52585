import type { Credential, CredentialSource } from '../credentials/types.ts';
import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import type { Impersonation } from '../kubeconfig/types.ts';
import type { KubeTransport, TransportRequest, TransportResponse } from '../transport/types.ts';
import { hasUnprintable, quote } from '../text.ts';
import { discard } from './body.ts';
import type { KubeRequest, QueryValue } from './types.ts';

const defaultHeaderTimeoutMs = 30_000;
const defaultIdleTimeoutMs = 30_000;
/** A 429 that names a short wait is waited for, this often; the server did nothing with the request. */
const maxWaits = 2;
const maxWaitSeconds = 5;

/** What an exchange needs. */
export interface ExchangePorts {
  readonly host: Pick<KubeHost, 'sleep'>;
  readonly connection: Connection;
  readonly credentials: CredentialSource;
  readonly transport: KubeTransport;
  readonly userAgent: string;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/** One request and its answer, whatever its status. A 401 renews the credential once; a 429 with a short wait is waited for at most twice. */
export async function exchange(ports: ExchangePorts, request: KubeRequest): Promise<TransportResponse> {
  const { host, credentials, transport, closed } = ports;
  const signal = request.signal === undefined ? closed : AbortSignal.any([request.signal, closed]);
  let credential = await credentials.current(signal);
  let hasRenewed = false;
  for (let waits = 0; ;) {
    const response = await transport.send(toMessage(ports, request, { credential, signal }));
    if (response.status === 401 && !hasRenewed) {
      hasRenewed = true;
      const renewed = await credentials.renew(credential, signal);
      if (renewed === undefined) return response;
      credential = renewed;
      await discard(response.body);
      continue;
    }
    const seconds = response.status === 429 && waits < maxWaits ? retryAfterSeconds(response) : undefined;
    if (seconds === undefined) return response;
    waits += 1;
    await discard(response.body);
    await host.sleep(seconds * 1_000, signal);
  }
}

function retryAfterSeconds({ headers }: TransportResponse): number | undefined {
  const value = headers['retry-after'] ?? '';
  return /^\d{1,3}$/.test(value) && Number(value) <= maxWaitSeconds ? Number(value) : undefined;
}

function toMessage(
  ports: ExchangePorts,
  request: KubeRequest,
  by: { readonly credential: Credential; readonly signal: AbortSignal },
): TransportRequest {
  const { connection, userAgent } = ports;
  const { method = 'GET', path, query = {}, body, contentType = 'application/json', accept = 'application/json' } = request;
  const { headerTimeoutMs = defaultHeaderTimeoutMs, idleTimeoutMs = defaultIdleTimeoutMs } = request;
  const { credential, signal } = by;
  const content = toContent(body);
  return {
    method,
    url: `${connection.server}${path}${toQuery(query, path.includes('?') ? '&' : '?')}`,
    headers: {
      accept,
      'user-agent': userAgent,
      ...(!connection.disableCompression && { 'accept-encoding': 'gzip' }),
      ...(content !== undefined && { 'content-type': contentType, 'content-length': String(Buffer.byteLength(content)) }),
      ...(credential.authorization !== undefined && { authorization: credential.authorization }),
      ...impersonationHeaders(connection.impersonate),
    },
    ...(content !== undefined && { body: content }),
    ...(credential.certificate !== undefined && { certificate: credential.certificate }),
    headerTimeoutMs,
    idleTimeoutMs,
    signal,
  };
}

function toContent(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}

function toQuery(query: Readonly<Record<string, QueryValue>>, separator: '?' | '&'): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') parameters.append(name, String(value));
  return parameters.size === 0 ? '' : `${separator}${parameters.toString()}`;
}

// User impersonation of the API's authentication: extra keys are percent-encoded where a header name can't hold them.
function impersonationHeaders(impersonate: Impersonation | undefined): Readonly<Record<string, string | readonly string[]>> {
  if (impersonate === undefined) return {};
  const { user, uid, groups, extra = new Map<string, readonly string[]>() } = impersonate;
  return {
    'impersonate-user': toHeaderValue(user),
    ...(uid !== undefined && { 'impersonate-uid': toHeaderValue(uid) }),
    ...(groups !== undefined && { 'impersonate-group': groups.map(toHeaderValue) }),
    ...Object.fromEntries([...extra].map(([key, values]) => [`impersonate-extra-${toHeaderName(key)}`, values.map(toHeaderValue)])),
  };
}

// The server reads UTF-8; Node takes one character for each byte.
function toHeaderValue(value: string): string {
  if (hasUnprintable(value))
    throw new KubeError('credential-invalid', `${quote(value)} can't be impersonated: it holds characters that no header can carry.`);
  return Buffer.from(value, 'utf8').toString('latin1');
}

function toHeaderName(key: string): string {
  return [...new TextEncoder().encode(key.toLowerCase())]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9!#$&'*+\-.^_`|~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
