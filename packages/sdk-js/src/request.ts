import { KubectlAIError } from './error.ts';
import type { ErrorResponseBody } from './wire.ts';

/** The way to one server. */
export interface Connection {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly token?: string | undefined;
  readonly language?: string | undefined;
  /** Ends every request when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** One request. */
export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request and returns an answer of 2xx. Throws {@link KubectlAIError}, or the signal's reason. */
export async function send(
  connection: Connection,
  path: string,
  { method = 'GET', body, headers = {}, signal }: RequestOptions = {},
): Promise<Response> {
  const signals = [connection.signal, signal].filter((one) => one !== undefined);
  const response = await connect(connection, path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(connection.token !== undefined && { authorization: `Bearer ${connection.token}` }),
      ...(connection.language !== undefined && { 'accept-language': connection.language }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  });
  if (!response.ok) throw await toError(response);
  return response;
}

/** Sends a request and returns the JSON of its answer. */
export async function sendForJson<T>(connection: Connection, path: string, options?: RequestOptions): Promise<T> {
  const response = await send(connection, path, options);
  try {
    const body: T = await response.json(); // the wire contract, which the server's types are checked against
    return body;
  } catch (cause) {
    if (options?.signal?.aborted === true || connection.signal?.aborted === true) throw cause;
    throw new KubectlAIError('not-an-api', `${connection.baseUrl}${path} did not answer with JSON. Check the base URL.`, {
      cause,
      status: response.status,
    });
  }
}

async function connect({ baseUrl, fetch, signal }: Connection, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${baseUrl}${path}`, init);
  } catch (cause) {
    if (init.signal?.aborted === true || signal?.aborted === true) throw init.signal?.reason ?? cause;
    throw new KubectlAIError(
      'connection-failed',
      `${baseUrl} cannot be reached. Check that the server runs there: kubelet-wuhrai --user-interface=html.`,
      { cause },
    );
  }
}

async function toError(response: Response): Promise<KubectlAIError> {
  const { status } = response;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined;
  const text = await response.text().catch(() => '');
  const error = parseError(text);
  const message = error?.message ?? (text.slice(0, 200).trim() || response.statusText);
  return new KubectlAIError(error?.code ?? 'http-error', `${message} (HTTP ${status})`, { status, retryAfterMs });
}

function parseError(text: string): { readonly code: string; readonly message: string } | undefined {
  try {
    const body: Partial<ErrorResponseBody> | null = JSON.parse(text); // each field is looked at before it is used
    const error = body?.error;
    return typeof error?.code === 'string' && typeof error.message === 'string' ? error : undefined;
  } catch {
    return undefined; // a proxy's page
  }
}
