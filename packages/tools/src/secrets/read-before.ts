import type { ToolContext } from '@kw/agent';
import type { Judgement } from '../effects/judgement.ts';
import { isSecretKind } from '../kubectl/kinds.ts';
import type { Command } from '../run-command.ts';
import { collectCommand } from '../run-command.ts';
import { secretValues } from './secret-values.ts';

/** Takes secret values that are hidden from then on. */
export type LearnSecrets = (values: readonly string[]) => void;

const timeoutMs = 10_000;
const maxReads = 5;
/** Output that is looked through, in UTF-16 units. */
export const maxLearnedUnits = 1_048_576;

/** How kubectl is called for it. */
export interface ReadBefore extends Omit<Command, 'args'> {
  readonly learn: LearnSecrets;
}

/**
 * Reads the Secrets that a script is going to print in a form that does not show what they are (`| jq .data`, `| base64 -d`), so that their values
 * are known before the first of them is printed. What can not be read is left to the rules about shapes.
 */
export async function learnBefore(judgement: Judgement, { learn, ...command }: ReadBefore, { signal }: ToolContext): Promise<void> {
  const reads = [...new Set((judgement.parts ?? [judgement]).flatMap(readOf))].slice(0, maxReads);
  for (const read of reads) {
    const args: unknown = JSON.parse(read);
    if (!Array.isArray(args)) continue;
    const { stdout } = await collectCommand({ ...command, args: args.map(String) }, { signal, timeoutMs });
    learn(secretValues(stdout));
  }
}

/** The arguments that read what a part reads, as JSON so that equal ones are one. */
function readOf({ traits, kinds = [], names = [], namespace, verb }: Judgement): readonly string[] {
  if (!traits.includes('sensitive') || !kinds.some(isSecretKind) || !/^(?:get|describe|edit)/.test(verb ?? '')) return [];
  const isKnown = names.length > 0 && names.every((name) => /^[a-z0-9][a-z0-9.-]*$/.test(name));
  const where = namespace === undefined ? [] : namespace === '*' ? ['-A'] : [`--namespace=${namespace}`];
  if (where[0] !== '-A' && namespace !== undefined && !/^[a-z0-9-]+$/.test(namespace)) return [];
  const which = isKnown && namespace !== '*' ? ['--ignore-not-found', ...names] : [];
  return [JSON.stringify(['get', 'secrets', ...which, ...where, '-o', 'json'])];
}
