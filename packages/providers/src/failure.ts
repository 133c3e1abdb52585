import type { KwError } from './error.ts';
import type { Language } from './language.ts';
import type { Preset } from './preset.ts';

/** The codes of the errors that a model request can end with. */
export type ProviderErrorCode =
  | 'authentication-failed'
  | 'bad-request'
  | 'connection-failed'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-timeout'
  | 'content-filter'
  | 'context-length-exceeded'
  | 'dns'
  | 'empty-answer'
  | 'insufficient-quota'
  | 'model-not-found'
  | 'no-model-served'
  | 'not-an-api'
  | 'overloaded'
  | 'payload-too-large'
  | 'rate-limited'
  | 'redirected'
  | 'server-error'
  | 'stalled'
  | 'tls'
  | 'tools-unsupported';

/**
 * How a failure may be repeated: `busy` answers five times within a minute, failed connections three times
 * within 20 s, interrupted answers once.
 */
export type RetryClass = 'never' | 'busy' | 'connection' | 'interrupted';

/** A failed attempt: what is told to people, and whether it may pass. */
export interface Failure {
  readonly error: KwError;
  readonly code: ProviderErrorCode;
  readonly retry: RetryClass;
  /** What the vendor asks to wait. */
  readonly retryAfterMs?: number;
}

/** Where a request went, for messages. */
export interface Endpoint {
  readonly preset: Preset;
  readonly model: string;
  readonly baseURL: string;
  readonly apiKey?: string;
  /** The language of its errors. */
  readonly language: Language;
  /** The time of the wall clock, for dates in headers. */
  readonly wallMs: number;
}
