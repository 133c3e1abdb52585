import { explain } from './explain-error.ts';
import { isKwError } from './error.ts';
import type { Endpoint, Failure, ProviderErrorCode, RetryClass } from './failure.ts';
import { HttpFailure } from './http-failure.ts';
import type { JsonValue } from './json.ts';
import { readErrorBody, readErrorValue, type VendorError } from './read-error-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { wordings } from './vendor-wordings.ts';

/** The one converter: whatever a vendor, the SDK or the network threw becomes a failure with an error for people. */
export function convertError(thrown: unknown, endpoint: Endpoint): Failure {
  const known = unwrap(thrown);
  if (known instanceof HttpFailure) return convertStatus(known, endpoint);
  if (isKwError(known)) return { error: known, code: 'bad-request', retry: 'never' };
  return convertConnection(thrown, endpoint);
}

/** An `error` object that came within a stream. */
export function convertStreamError(value: JsonValue, endpoint: Endpoint): Failure {
  const vendor = readErrorValue(value);
  const status = vendor.status ?? statusOfWords(vendor);
  return convertVendor(vendor, status ?? 500, undefined, endpoint);
}

/** A failure of which the code says all. */
export function failureOf(code: ProviderErrorCode, retry: RetryClass, endpoint: Endpoint, said = ''): Failure {
  return { error: explain(code, endpoint, { said }), code, retry };
}

function convertStatus(answer: HttpFailure, endpoint: Endpoint): Failure {
  const location = answer.headers.get('location');
  if (answer.status >= 300 && answer.status < 400) return failureOf('redirected', 'never', endpoint, location ?? '');
  return convertVendor(readErrorBody(answer.body), answer.status, retryAfterMs(answer.headers, endpoint.wallMs), endpoint);
}

function convertVendor(vendor: VendorError, status: number, waitMs: number | undefined, endpoint: Endpoint): Failure {
  const asked = waitMs ?? vendor.retryAfterMs;
  const code = codeOf(vendor, status, asked);
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  return {
    error: explain(code, endpoint, { said: vendor.message, status, ...wait }),
    code,
    retry: retryOf(code, status),
    ...wait,
  };
}

function codeOf(vendor: VendorError, status: number, waitMs: number | undefined): ProviderErrorCode {
  const words = `${vendor.code} ${vendor.message}`;
  const worded = wordings.find((wording) => wording.statuses.includes(status) && wording.pattern.test(words))?.code;
  // A quota that comes back within the minute is a rate limit, whatever it is called.
  if (worded === 'insufficient-quota' && status === 429 && waitMs !== undefined && waitMs < 60_000) return 'rate-limited';
  if (worded !== undefined) return worded;
  switch (status) {
    case 401:
    case 403:
      return 'authentication-failed';
    case 402:
      return 'insufficient-quota';
    case 404:
      return vendor.isHTML || /^(not found|404 page not found|cannot post.*)$/i.test(vendor.message.trim())
        ? 'not-an-api'
        : 'model-not-found';
    case 405:
      return 'not-an-api';
    case 413:
      return 'payload-too-large';
    case 429:
      return 'rate-limited';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 500 || status === 408 || status === 425 ? 'server-error' : 'bad-request';
  }
}

function retryOf(code: ProviderErrorCode, status: number): RetryClass {
  return code === 'rate-limited' || code === 'overloaded' || (code === 'server-error' && status !== 501) ? 'busy' : 'never';
}

function statusOfWords({ code, message }: VendorError): number | undefined {
  const words = `${code} ${message}`;
  if (/rate.?limit|too many requests|throttl/i.test(words)) return 429;
  if (/overload|capacity|busy|unavailable/i.test(words)) return 529;
  if (/invalid.?api.?key|authentication|unauthorized/i.test(code)) return 401;
  return /invalid.?request|invalid.?parameter|bad.?request|content.?filter|data.?inspection|context.?length/i.test(words) ? 400 : undefined;
}

const connectionCodes: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, retry: RetryClass])[] = [
  [/ECONNREFUSED/, 'connection-refused', 'connection'],
  [/ENOTFOUND|EAI_AGAIN|EAI_/, 'dns', 'connection'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO_GET_ISSUER/, 'tls', 'never'],
  [/UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'connection-timeout', 'connection'],
  [/UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT/, 'stalled', 'never'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|HPE_|ERR_HTTP2/, 'connection-reset', 'connection'],
];

function convertConnection(thrown: unknown, endpoint: Endpoint): Failure {
  const chain = causesOf(thrown);
  const codes = chain.map(codeText).join(' ');
  const found = connectionCodes.find(([pattern]) => pattern.test(codes));
  const said =
    chain
      .map((cause) => (cause instanceof Error ? cause.message : ''))
      .filter((text) => text !== '')
      .at(-1) ?? String(thrown);
  if (found !== undefined) return failureOf(found[1], found[2], endpoint, said);
  const aborted = /terminated|aborted|socket hang up|other side closed|network error|premature/i.test(said);
  if (/bad port|invalid url|failed to parse url/i.test(said)) return failureOf('connection-failed', 'never', endpoint, said);
  return failureOf(aborted ? 'connection-reset' : 'connection-failed', 'connection', endpoint, said);
}

/** Errors of ours that the SDK wrapped. */
function unwrap(thrown: unknown): unknown {
  return causesOf(thrown).find((cause) => cause instanceof HttpFailure || isKwError(cause)) ?? thrown;
}

function causesOf(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let current = thrown;
  while (current !== undefined && current !== null && chain.length < 8) {
    chain.push(current);
    current = current instanceof AggregateError ? current.errors[0] : current instanceof Error ? current.cause : undefined;
  }
  return chain;
}

function codeText(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
