import { judgeProgramArgv, judgeShellSource } from '../bash/judge-source.ts';
import { guard, maxWords, notUnderstood } from '../effects/guard.ts';
import type { JudgeOptions } from '../effects/guard.ts';
import type { Judgement } from '../effects/judgement.ts';
import { judgeKubectlArgv } from './judge-argv.ts';
import { readCommand } from './read-command.ts';

function judgeWords(words: readonly string[], options: JudgeOptions): Judgement {
  if (words.length > maxWords) return notUnderstood(`more than ${maxWords} words: too long to judge`);
  return judgeKubectlArgv(words, { judgeProgram: (argv) => judgeProgramArgv(argv, options), ...options });
}

/** Judges a kubectl command, as a string (`kubectl get pods`, `get pods`) or as an argument list; pure, and never throws. */
export function judgeKubectl(command: string | readonly string[], options: JudgeOptions = {}): Judgement {
  if (typeof command !== 'string') return guard(command.join(' '), () => judgeWords(command, options));
  return guard(command, () => {
    const tokens = readCommand(command);
    if (tokens.type === 'malformed') return notUnderstood(tokens.reason);
    return tokens.type === 'shell' ? judgeShellSource(command, options) : judgeWords(tokens.words, options);
  });
}
