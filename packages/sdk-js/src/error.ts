const brand = Symbol.for('kw.error');

/** What may accompany a {@link KubectlAIError}. */
export interface KubectlAIErrorOptions {
  readonly cause?: unknown;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A request that failed: a stable `code` in kebab-case, the HTTP `status` where the server answered, and a message that names the way out. */
export class KubectlAIError extends Error {
  override readonly name = 'KubectlAIError';
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: KubectlAIErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Recognises an error of this client by its brand, so that it survives duplicate installs of the package. */
export function isKubectlAIError(value: unknown): value is KubectlAIError {
  return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true;
}
