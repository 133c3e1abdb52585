const brand: unique symbol = Symbol.for('kw.error');

/** Everything that can go wrong on the way to a cluster and back, in kebab-case. */
export type KubeErrorCode =
  // which cluster
  | 'no-cluster'
  | 'no-context'
  | 'unknown-context'
  | 'kubeconfig-unreadable'
  | 'kubeconfig-invalid'
  | 'target-changed'
  | 'target-directory'
  // who asks
  | 'no-token'
  | 'auth-unsupported'
  | 'credential-invalid'
  | 'exec-failed'
  | 'exec-timeout'
  // the way
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'proxy'
  // the answer
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'already-exists'
  | 'conflict'
  | 'gone'
  | 'too-large'
  | 'unsupported-media-type'
  | 'invalid'
  | 'too-many-requests'
  | 'server-error'
  | 'unavailable'
  | 'bad-answer'
  // the call
  | 'unknown-resource'
  | 'bad-call';

/** Facts for programs beside a message: HTTP status, reason, file, server. Never a secret. */
export type KubeErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** What may accompany a {@link KubeError}. */
export interface KubeErrorOptions {
  readonly cause?: unknown;
  readonly details?: KubeErrorDetails;
}

/** The error of this package: a stable `code`, and a message that names the thing, the value and the way out. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;
  readonly details: KubeErrorDetails;

  constructor(code: KubeErrorCode, message: string, options: KubeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Recognises an error of the house (this package's or another's) by its brand; with `code`, only that one. */
export function isKubeError(value: unknown, code?: KubeErrorCode): value is KubeError {
  if (typeof value !== 'object' || value === null || !(brand in value) || value[brand] !== true) return false;
  return code === undefined || ('code' in value && value.code === code);
}
