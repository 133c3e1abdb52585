import { KwError, type JsonValue } from '@kw/providers';
import type { OutputLine, OutputReader, OutputRef } from '../output-store.ts';
import { type PathStep, selectPath } from './json-path.ts';

/** The most of an output that is read as one document, in UTF-16 units. */
const maxDocumentUnits = 900_000;

/** Where and what is read. */
export interface ValuesWish {
  readonly ref: OutputRef;
  readonly steps: readonly PathStep[];
  readonly signal: AbortSignal;
}

/** The values at a path of an output that is JSON, one a line, numbered from 1. Throws KwError `tool-input` where it is no JSON or too long. */
export async function readValues(outputs: OutputReader, { ref, steps, signal }: ValuesWish): Promise<readonly OutputLine[]> {
  let text = '';
  for await (const line of outputs.lines(ref, { signal })) {
    text += `${line.text}\n`;
    if (text.length > maxDocumentUnits)
      throw new KwError('tool-input', `${ref} is too long to be read by "path"; use "grep", or run the command again with -o jsonpath`);
  }
  return [...selectPath(parse(text, ref), steps)].map((value, index) => ({ number: index + 1, text: shown(value) }));
}

function parse(text: string, ref: OutputRef): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    throw new KwError('tool-input', `${ref} is no JSON, so "path" finds nothing in it; use "grep", or run the command again with -o json`, {
      cause: error,
    });
  }
}

function shown(value: JsonValue): string {
  return typeof value === 'string' ? value.replaceAll('\n', String.raw`\n`) : JSON.stringify(value);
}
