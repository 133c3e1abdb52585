import { KwError } from '@kw/providers';
import type { OutputRef } from '../output-store.ts';
import { parsePath, type PathStep } from './json-path.ts';

/** What a model wants to read. */
export interface ReadOutputArguments {
  readonly ref: OutputRef;
  readonly from: number;
  readonly to: number | undefined;
  readonly grep: string | undefined;
  /** Values of a JSON document instead of lines. */
  readonly path: PathWish | undefined;
  readonly context: number;
  readonly max: number;
}

/** A path as it was written, and what it means. */
export interface PathWish {
  readonly text: string;
  readonly steps: readonly PathStep[];
}

const maxLines = 1000;
const maxContext = 20;
const maxGrepUnits = 500;

/** Parses the arguments; throws KwError `tool-input` that names the field and the way out. */
export function parseReadOutput(argumentsJson: string): ReadOutputArguments {
  const members = objectOf(argumentsJson);
  const ref = refOf(members.get('ref'));
  const from = integer(members, 'from', { min: 1 }) ?? 1;
  const to = integer(members, 'to', { min: 1 });
  if (to !== undefined && to < from) throw new KwError('tool-input', `read_output: "to" (${to}) lies before "from" (${from})`);
  const grep = members.get('grep');
  if (grep !== undefined && grep !== null && typeof grep !== 'string')
    throw new KwError('tool-input', 'read_output: "grep" must be a string');
  if (typeof grep === 'string' && grep.length > maxGrepUnits)
    throw new KwError('tool-input', `read_output: "grep" must have at most ${maxGrepUnits} characters`);
  return {
    ref,
    from,
    to,
    grep: typeof grep === 'string' && grep !== '' ? grep : undefined,
    path: pathOf(members.get('path')),
    context: Math.min(maxContext, integer(members, 'context', { min: 0 }) ?? 0),
    max: Math.min(maxLines, integer(members, 'max', { min: 1 }) ?? maxLines),
  };
}

function pathOf(value: unknown): PathWish | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new KwError('tool-input', 'read_output: "path" must be a string, such as .items[].metadata.name');
  return { text: value, steps: parsePath(value) };
}

function objectOf(argumentsJson: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(argumentsJson);
  } catch (error) {
    throw new KwError('tool-input', 'read_output: the arguments are no JSON; send an object such as {"ref":"output:1","grep":"error"}', {
      cause: error,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new KwError('tool-input', 'read_output: the arguments must be an object such as {"ref":"output:1"}');
  return new Map<string, unknown>(Object.entries(value));
}

function refOf(value: unknown): OutputRef {
  const number =
    typeof value === 'number' ? String(value) : typeof value === 'string' ? /^(?:output:)?(\d{1,9})$/.exec(value.trim())?.[1] : undefined;
  if (number === undefined || Number(number) < 1)
    throw new KwError(
      'tool-input',
      `read_output: "ref" must name a kept output, such as "output:3", not ${JSON.stringify(value ?? null).slice(0, 60)}`,
    );
  return `output:${Number(number)}`;
}

function integer(members: ReadonlyMap<string, unknown>, name: string, { min }: { readonly min: number }): number | undefined {
  const value = members.get(name);
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isInteger(number) || number < min)
    throw new KwError('tool-input', `read_output: "${name}" must be a whole number from ${min}, not ${JSON.stringify(value).slice(0, 40)}`);
  return number;
}
