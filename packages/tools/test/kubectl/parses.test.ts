import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/kubectl/find-command.ts';
import { parseArguments } from '../../src/kubectl/parse-flags.ts';

// How kubectl 1.36 itself reads these arguments: the command it finds, the words and flags it hands to it, or that it refuses.
const lines = readFileSync(new URL('fixtures/parses.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

interface Recorded {
  readonly argv: readonly string[];
  readonly refused?: boolean;
  readonly command?: string;
}

const recorded = lines.map((line): Recorded => JSON.parse(line));

function read(argv: readonly string[]): object {
  const { spec, args } = findCommand(argv);
  const parsed = parseArguments(args, spec);
  // kubectl refuses unknown commands where it looks them up; here they are left over as words of the root.
  if (parsed.type === 'unreadable' || (spec.path.length === 0 && parsed.positionals.length > 0)) return { argv, refused: true };
  return {
    argv,
    command: spec.path.join(' '),
    positionals: parsed.positionals,
    ...(parsed.dashAt !== undefined && { dashAt: parsed.dashAt }),
    flags: [...new Set(parsed.uses.map((use) => use.spec.name))].sort(),
  };
}

describe('arguments are read as kubectl reads them', () => {
  it.each(recorded.map((line) => ({ line, name: line.argv.join(' ') })))('kubectl $name', ({ line }) => {
    expect(read(line.argv)).toEqual(line);
  });
});
