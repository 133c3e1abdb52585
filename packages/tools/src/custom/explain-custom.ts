import type { JudgeOptions } from '../effects/guard.ts';
import type { Judgement } from '../effects/judgement.ts';
import { tokenize } from '../kubectl/tokenize.ts';
import { judgeCustom } from './judge-custom.ts';
import type { CustomToolSpec } from './tool-spec.ts';
import { withoutPrefix } from './without-prefix.ts';

/** A line that one of the user's own tools takes, judged as a call of it. */
export interface ExplainedCustom {
  readonly spec: CustomToolSpec;
  readonly judgement: Judgement;
}

/**
 * Judges a line that begins with the command or the name of one of the user's own tools, as that tool does; undefined where none takes it: what
 * needs a shell is no call of such a tool.
 */
export function explainCustom(line: string, specs: readonly CustomToolSpec[], options: JudgeOptions): ExplainedCustom | undefined {
  const tokens = tokenize(line);
  if (tokens.type !== 'words') return undefined;
  const { words } = tokens;
  const byCommand = specs.filter(({ command }) => withoutPrefix(words, command) !== words);
  const longest = byCommand.reduce<CustomToolSpec | undefined>(
    (best, spec) => (best === undefined || spec.command.length > best.command.length ? spec : best),
    undefined,
  );
  const spec = longest ?? specs.find(({ name }) => words[0] === name);
  if (spec === undefined) return undefined;
  const args = spec === longest ? withoutPrefix(words, spec.command) : words.slice(1);
  return { spec, judgement: judgeCustom(spec, args, options) };
}
