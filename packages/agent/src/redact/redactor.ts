import type { JsonValue } from '@kw/providers';
import { jsonStage } from './json-stage.ts';
import { knownStages } from './known-stage.ts';
import { createMemo } from './memo.ts';
import { pemStage } from './pem-stage.ts';
import { redactJson } from './redact-json.ts';
import { secretOutputStage } from './secret-output-stage.ts';
import { shapeStage } from './shape-stage.ts';
import type { Transducer } from './transducer.ts';
import { chain, transduce } from './transducer.ts';
import { escapedLines } from './yaml-lines.ts';
import { yamlStage } from './yaml-stage.ts';

/** A redaction in progress: what `write` and `end` return, put together, is what `text` makes of the whole. */
export interface RedactionStream {
  write(chunk: string): string;
  end(): string;
}

/** Takes secrets out of what is logged, shown or sent to a model. */
export interface Redactor {
  /** The text without its secrets; idempotent. */
  text(value: string): string;
  /** The same as `text`, as the text comes; holds less than 2 MiB. */
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
  /** Values the process itself holds; never shown, also with `reveal`. A function is asked at each text; it must give the same array while nothing changed. */
  readonly secrets?: readonly string[] | (() => readonly string[]);
  /** Shows what clusters and files hold. */
  readonly reveal?: boolean;
}

/** Text that may wait for the answer whether it is a Secret's, in UTF-16 units, for each stage. */
const held = { document: 262_144, annotation: 131_072, nested: 65_536 };

/** Makes a redactor: structure first (JSON at three levels of escaping, YAML), then shapes, and given values before all. */
export function createRedactor({ secrets = [], reveal = false }: RedactorOptions = {}): Redactor {
  const memo = createMemo();
  const known = knownBy(typeof secrets === 'function' ? secrets : () => secrets, memo.clear);
  const stages = (): readonly Transducer[] =>
    reveal
      ? []
      : [
          jsonStage(0, held.document),
          jsonStage(1, held.annotation),
          jsonStage(2, held.nested),
          yamlStage(held.document),
          yamlStage(held.annotation, escapedLines()),
          pemStage(),
          shapeStage(),
        ];
  const open = (): Transducer => chain([...known().anywhere(), ...stages(), ...known().words()]);
  const closed = redactorOf(secretOutputStage, undefined, (value) => transduce(secretOutputStage(), value));
  const text = (value: string): string => {
    known(); // clears what is remembered where the values changed
    return memo.of(value, (whole) => transduce(open(), whole));
  };
  return redactorOf(open, reveal ? undefined : closed, text);
}

/** The stages of the values that are known now; made anew when another array comes, or the same one with more in it. */
function knownBy(secrets: () => readonly string[], changed: () => void): () => ReturnType<typeof knownStages> {
  let values = secrets();
  let count = values.length;
  let stages = knownStages(values);
  return () => {
    const now = secrets();
    if (now !== values || now.length !== count) {
      stages = knownStages(now);
      changed();
    }
    values = now;
    count = now.length;
    return stages;
  };
}

function redactorOf(open: () => Transducer, closed: Redactor | undefined, whole: (value: string) => string): Redactor {
  const text = (value: string): string => (value === '' ? '' : whole(value));
  const redactor: Redactor = {
    text,
    stream: open,
    json: (value) => redactJson(value, text),
    touches: (value) => text(value) !== value,
    secretMode: () => closed ?? redactor,
  };
  return redactor;
}
