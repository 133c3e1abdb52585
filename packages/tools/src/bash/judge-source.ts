import { parse } from 'unbash';
import { combine, conclude } from '../effects/judgement.ts';
import type { Judgement } from '../effects/judgement.ts';
import { judgeKubectlArgv } from '../kubectl/judge-argv.ts';
import { showOpaque } from '../kubectl/opaque.ts';
import { walkScript } from './judge-node.ts';
import { judgeProgram } from './judge-program.ts';
import { anySource, shapeOfScript } from './output-shape.ts';
import { alternatives, fixedWord } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';
import { strayedTo } from './strayed.ts';
import { collectVariables } from './variables.ts';
import { isTooDeep, isTooLong, tooLong, unknownJudgement } from './walk.ts';
import type { Budget, Walk } from './walk.ts';

/** How deep shells may run shells. */
const maxDepth = 8;

/** What a judgement of a shell line may know. */
export interface ShellScope {
  /** The context that the run is bound to; naming it moves nothing. */
  readonly currentContext?: string;
  /** What comes by stdin. */
  readonly input?: string;
}

/** What comes to a command by stdin. */
type Incoming = Pick<Walk, 'stdin' | 'input'>;

interface Nesting extends Omit<ShellScope, 'input'> {
  readonly input?: string | undefined;
  readonly budget: Budget;
  readonly depth: number;
}

function judgeKubectlWords(words: readonly ShellWord[], nesting: Nesting, incoming: Incoming): Judgement {
  const lists = alternatives(words);
  const scope = {
    judgeProgram: (argv: readonly string[]): Judgement =>
      judgeExpanded(argv.map(fixedWord), { ...nesting, depth: nesting.depth + 1 }, { stdin: anySource }),
    ...(nesting.currentContext !== undefined && { currentContext: nesting.currentContext }),
    ...(incoming.input !== undefined && { input: incoming.input }),
  };
  if (lists === undefined) {
    // What is known of it may be worse than unknown.
    const known = judgeKubectlArgv(
      words.filter((word) => word.loose === undefined).map((word) => word.text),
      scope,
    );
    const { parts: __, ...whole } = combine(
      [known],
      [{ effect: 'unknown', reason: 'kubectl gets words that are not known before and may be flags' }],
    );
    return whole;
  }
  const judged = lists.map((list) => judgeKubectlArgv(list, scope));
  const [only, ...more] = judged;
  if (only === undefined || more.length === 0) return only ?? unknownJudgement('kubectl without words');
  const { parts: _, ...whole } = combine(judged);
  return whole;
}

function judgeExpanded(words: readonly ShellWord[], nesting: Nesting, incoming: Incoming): Judgement {
  if (nesting.depth > maxDepth) return unknownJudgement('commands that run commands, too deep to judge');
  const deeper = { ...nesting, depth: nesting.depth + 1 };
  const judgement = judgeProgram(words, {
    judgeKubectl: (rest) => judgeKubectlWords(rest, nesting, incoming),
    judgeWords: (rest) => judgeExpanded(rest, deeper, incoming),
    judgeSource: (source) => judgeSource(source, { ...deeper, input: incoming.input }),
    stdin: incoming.stdin,
    input: incoming.input,
  });
  return judgement.parts === undefined ? { ...judgement, text: textOf(words) } : judgement;
}

/** The words as they could be written, for people. */
function textOf(words: readonly ShellWord[]): string {
  return words
    .map(({ text }) => showOpaque(text))
    .map((text) => (/^[^\s'"\\|&;<>()$`]+$/.test(text) ? text : `'${text}'`))
    .join(' ');
}

function judgeSource(source: string, nesting: Nesting): Judgement {
  if (nesting.depth > maxDepth) return unknownJudgement('shells inside shells, too deep to judge');
  if (isTooDeep(source)) return unknownJudgement('the line nests too deeply to be judged');
  const script = parse(source);
  if (isTooLong(script)) return conclude([tooLong]);
  const walk: Walk = {
    variables: collectVariables(script, shapeOfScript),
    assigned: new Set(),
    shapeOfScript,
    budget: nesting.budget,
    stdin: anySource,
    input: nesting.input,
    walkScript,
    judgeWords: (words, at) => judgeExpanded(words, nesting, at),
  };
  const { parts, findings } = walkScript(script, walk);
  const judgement = combine(parts, findings);
  const folder = judgement.effect === 'write' ? strayedTo(script) : undefined;
  return folder === undefined
    ? judgement
    : combine(parts, [
        ...findings,
        { effect: 'dangerous', reason: `cd ${folder}: what is written afterwards may lie where the system or a program acts on it` },
      ]);
}

/** Judges shell source that is within the size limits; may throw where the parser does. */
export function judgeShellSource(source: string, scope: ShellScope = {}): Judgement {
  return judgeSource(source, { ...scope, budget: { nodes: 0 }, depth: 0 });
}

/** Judges a program with known arguments, as `exec` in a container runs it. */
export function judgeProgramArgv(argv: readonly string[], scope: ShellScope = {}): Judgement {
  return argv.length === 0
    ? conclude([{ effect: 'unknown', reason: 'no program' }])
    : judgeExpanded(argv.map(fixedWord), { ...scope, budget: { nodes: 0 }, depth: 0 }, { stdin: anySource });
}
