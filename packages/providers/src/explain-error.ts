import { KwError } from './error.ts';
import type { Endpoint, ProviderErrorCode } from './failure.ts';
import { formatWait } from './retry-after.ts';
import { oneLine, scrub } from './scrub.ts';

/** What is known of a failure beside its code. */
export interface Said {
  /** The vendor's or the network's own text. */
  readonly said?: string;
  readonly status?: number;
  /** The vendor's codes. */
  readonly words?: string;
  readonly retryAfterMs?: number;
  /** Names near to an unknown model's. */
  readonly near?: readonly string[];
  /** How many attempts were made. */
  readonly attempts?: number;
}

/** Makes the error for people: what happened, with which provider, model and URL, and the way out. */
export function explain(code: ProviderErrorCode, endpoint: Endpoint, known: Said = {}): KwError {
  const { preset, model, apiKey } = endpoint;
  const said = oneLine(scrub(known.said ?? '', apiKey));
  const quoted = said === '' ? '' : ` ${fromNetwork.has(code) ? 'Cause' : `${preset.title} says`}: ${said}`;
  const tries = known.attempts === undefined || known.attempts < 2 ? '' : ` (${known.attempts} attempts)`;
  return new KwError(code, oneLine(`${sentence(code, endpoint, { ...known, said })}${tries}.${showsSaid(code) ? quoted : ''}`, 2_000), {
    details: {
      provider: preset.id,
      model,
      url: endpoint.baseURL,
      status: known.status,
      retryAfterMs: known.retryAfterMs,
      vendorMessage: said === '' ? undefined : said,
    },
  });
}

const fromNetwork: ReadonlySet<ProviderErrorCode> = new Set(['connection-failed', 'connection-reset', 'connection-timeout', 'tls']);

function showsSaid(code: ProviderErrorCode): boolean {
  return code !== 'redirected' && code !== 'dns' && code !== 'connection-refused' && code !== 'empty-answer' && code !== 'stalled';
}

function sentence(
  code: ProviderErrorCode,
  { preset, model, baseURL }: Endpoint,
  { said = '', status, words = '', retryAfterMs, near = [] }: Said,
): string {
  const who = `${preset.id}, model ${model}, ${baseURL}`;
  const host = URL.canParse(baseURL) ? new URL(baseURL).host : baseURL;
  const key = preset.keyVariables.join(' or ');
  const address = preset.endpointVariables.join(' or ');
  switch (code) {
    case 'authentication-failed':
      return `${status === 403 ? 'access denied' : 'the API key was not accepted'} (${who}, HTTP ${status}): check ${key === '' ? 'the key' : key}`;
    case 'model-not-found':
      return modelNotFound({ preset, model, baseURL }, { words, near, bare: status === 404 && said === '' });
    case 'context-length-exceeded':
      return `context length exceeded: the request is longer than the window of ${model} (${who}); shorten the conversation or take a model with a larger window`;
    case 'rate-limited':
      return `rate limited (${who}, HTTP ${status ?? 429})${asks(retryAfterMs)}; try again later or use another key or model`;
    case 'insufficient-quota':
      return `insufficient quota or balance (${who}, HTTP ${status})${asks(retryAfterMs)}: top up the account of ${key === '' ? 'this key' : key}, or use another provider`;
    case 'payload-too-large':
      return `payload too large: the server takes no request of this size (${who}, HTTP 413); shorten the conversation`;
    case 'content-filter':
      return `the provider's content filter refused the request (${who})`;
    case 'tools-unsupported':
      return `${model} does not offer tool calls here (${who}); take a model that does, or start the server with tool calling switched on`;
    case 'overloaded':
      return `the provider is overloaded (${who}, HTTP ${status})${asks(retryAfterMs)}; try again later`;
    case 'server-error':
      return `the provider failed (${who}, HTTP ${status})${asks(retryAfterMs)}; try again later`;
    case 'bad-request':
      return `the provider refused the request (${who}${status === undefined ? '' : `, HTTP ${status}`})`;
    case 'connection-refused':
      return `connection refused: nothing listens at ${host} (${who}); start the server or set ${address}`;
    case 'dns':
      return `the host ${host} was not found (${who}); check the name, the network and ${address}`;
    case 'tls':
      return `no secure connection to ${host} (${who}): its certificate or TLS was not accepted; give its CA by NODE_EXTRA_CA_CERTS, or check the address in ${address}`;
    case 'connection-timeout':
      return `connection timeout: ${host} did not answer (${who}); check the network, HTTPS_PROXY and ${address}`;
    case 'connection-reset':
      return `the connection to ${host} broke (${who})`;
    case 'connection-failed':
      return `no connection to ${host} (${who}); check the network, HTTPS_PROXY and ${address}`;
    case 'stalled':
      return `the model stalled: ${said === '' ? 'no data came' : said} (${who}); try again, or raise the time-out`;
    case 'empty-answer':
      return `the model returned nothing (${who}); try again, ask differently or take another model`;
    case 'redirected':
      return `${baseURL} redirects to ${said === '' ? 'another address' : said}, another origin: not followed, and the key was not sent there (${who}); if that is right, set ${address} to it`;
    case 'not-an-api':
      return `${baseURL} is not a model API: it answered with something else (${who}${status === undefined ? '' : `, HTTP ${status}`}); check ${address}, which mostly ends with /v1`;
  }
}

function asks(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? '' : `: it asks to wait ${formatWait(retryAfterMs)}`;
}

function modelNotFound(
  { preset, model, baseURL }: Pick<Endpoint, 'preset' | 'model' | 'baseURL'>,
  { words, near, bare }: { readonly words: string; readonly near: readonly string[]; readonly bare: boolean },
): string {
  const address = bare ? ` (or the address is wrong: check ${preset.endpointVariables.join(' or ')}, which mostly ends with /v1)` : '';
  const names = near.length === 0 ? '' : ` Near names: ${near.join(', ')}.`;
  const closed = /modelnotopen/i.test(words) ? ' Activate the model in the Ark console first.' : '';
  return `model not found: ${preset.id} does not offer ${JSON.stringify(model)} at ${baseURL}${address}.${names}${closed} See \`models\` for what it offers and choose one with --model. 模型不存在或未开通：请用 \`models\` 查看可用的名称，用 --model 指定`;
}
