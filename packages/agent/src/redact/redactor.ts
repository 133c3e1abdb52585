import type { JsonValue } from '@kw/providers';

/** A redaction in progress: what `write` and `end` return, put together, is what `text` makes of the whole. */
export interface RedactionStream {
  write(chunk: string): string;
  end(): string;
}

/** Takes secrets out of what is logged, shown or sent to a model. */
export interface Redactor {
  /** The text without its secrets; idempotent. */
  text(value: string): string;
  stream(): RedactionStream;
  /** The same value with secrets replaced, whatever its shape. */
  json(value: JsonValue): JsonValue;
  /** True where `text` would change the value. */
  touches(value: string): boolean;
  /** For output that is nothing but secret (`kubectl get secret -o jsonpath=...`): all of it becomes one mark. */
  secretMode(): Redactor;
}

/** What a redactor knows. */
export interface RedactorOptions {
  /** Values the process itself holds; never shown, also with `reveal`. */
  readonly secrets?: readonly string[];
  /** Shows what clusters and files hold. */
  readonly reveal?: boolean;
}

/** Makes a redactor. */
export function createRedactor({ secrets = [], reveal = false }: RedactorOptions = {}): Redactor {
  const text = (value: string): string => {
    let result = value;
    for (const secret of secrets) if (secret !== '') result = result.replaceAll(secret, '[redacted:secret]');
    return reveal ? result : result;
  };
  const json = (value: JsonValue): JsonValue =>
    typeof value === 'string' ? text(value) : JSON.parse(text(JSON.stringify(value)));
  const redactor: Redactor = {
    text,
    stream: () => {
      let held = '';
      return {
        write: (chunk) => {
          held += chunk;
          return '';
        },
        end: () => text(held),
      };
    },
    json,
    touches: (value) => text(value) !== value,
    secretMode: () => redactor,
  };
  return redactor;
}
