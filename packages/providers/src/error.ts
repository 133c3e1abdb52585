const brand = Symbol.for('kw.error');

/** What may accompany a {@link KwError}. */
export interface KwErrorOptions {
  readonly cause?: unknown;
  /** Facts for programs: provider, model, url, status. Never a secret. */
  readonly details?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** The one error type of the house: a stable `code` in kebab-case and a message that names the thing and the way out. */
export class KwError extends Error {
  override readonly name = 'KwError';
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean | undefined>>;

  constructor(code: string, message: string, options: KwErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Recognises a {@link KwError} by its brand, so that it survives duplicate installs of a package. */
export function isKwError(value: unknown): value is KwError {
  return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true;
}
