import type { CallSubject, Effect, Trait } from '@kw/agent';
import { judgeShell } from './bash/judge-shell.ts';
import { subjectOf } from './call-subject.ts';
import { explainCustom } from './custom/explain-custom.ts';
import type { CustomToolSpec } from './custom/tool-spec.ts';
import type { JudgeOptions } from './effects/guard.ts';
import type { Judgement } from './effects/judgement.ts';
import { judgeKubectl } from './kubectl/judge-kubectl.ts';
import { parseKubectl } from './kubectl/parse-kubectl.ts';
import { hideWhatCanBeHidden } from './kubectl/hide-secrets.ts';
import { tokenize } from './kubectl/tokenize.ts';

/** One command of a line, or what the line itself does (redirections, assignments). */
export interface ExplainedPart {
  /** The command as it was read; what is not known before is `*`. */
  readonly text: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly reasons: readonly string[];
  readonly subject: CallSubject;
}

/** What a command line comes to, by the judge that also decides about a model's calls. */
export interface Explanation {
  /** The tool that would run it: `kubectl`, `bash` or one of the user's own. */
  readonly tool: string;
  /** `path:line` of one of the user's own. */
  readonly origin?: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly reasons: readonly string[];
  readonly subject: CallSubject;
  /** Objects that it names. */
  readonly names: readonly string[];
  /** Flags that name another cluster, user or credential. */
  readonly targetFlags: readonly string[];
  /** It is never run; this is the way to do it instead. */
  readonly refusal?: string;
  /** True where nothing of its output is shown, because all of it is secret. */
  readonly hidesOutput: boolean;
  /** At least one. */
  readonly parts: readonly ExplainedPart[];
}

/** What a line is explained with. */
export interface ExplainOptions extends JudgeOptions {
  /** The user's own tools. */
  readonly custom?: readonly CustomToolSpec[];
}

/**
 * Explains a command line: `kubectl ...` as the kubectl tool takes it, what begins like one of the user's own tools as that one does, everything
 * else as the bash tool does. Pure, and never throws.
 */
export function explainCommand(line: string, { custom = [], ...options }: ExplainOptions = {}): Explanation {
  const tokens = tokenize(line);
  const parsed = tokens.type === 'words' && tokens.words[0] === 'kubectl' ? parseKubectl(line) : undefined;
  if (parsed === undefined) {
    const own = explainCustom(line, custom, options);
    if (own === undefined) return explained('bash', judgeShell(line, options), line);
    return { ...explained(own.spec.name, own.judgement, line), origin: own.spec.origin };
  }
  const judgement = judgeKubectl(parsed.type === 'parsed' ? parsed.argv : line, options);
  const { secretOutput = false, ...hidden } = hideWhatCanBeHidden(judgement, parsed.type === 'parsed' ? parsed : undefined);
  return { ...explained('kubectl', { ...judgement, ...hidden }, line), hidesOutput: secretOutput };
}

function explained(tool: string, judgement: Judgement, line: string): Explanation {
  const { effect, traits, reasons, names = [], targetFlags = [], refusal, parts } = judgement;
  return {
    tool,
    effect,
    traits,
    reasons,
    subject: subjectOf(judgement),
    names,
    targetFlags,
    ...(refusal === undefined ? {} : { refusal }),
    hidesOutput: false,
    parts: (parts ?? [judgement]).map((part) => ({
      text: part.text ?? line.trim(),
      effect: part.effect,
      traits: part.traits,
      reasons: part.reasons,
      subject: subjectOf(part),
    })),
  };
}
