import { guard } from '../effects/guard.ts';
import type { JudgeOptions } from '../effects/guard.ts';
import type { Judgement } from '../effects/judgement.ts';
import { judgeShellSource } from './judge-source.ts';

/** Judges a shell line, every part of it; pure, and never throws. */
export function judgeShell(command: string, options: JudgeOptions = {}): Judgement {
  return guard(command, () => judgeShellSource(command, options));
}
