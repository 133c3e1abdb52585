import type { DecidedCall, Decision } from '@kw/agent';
import type { Inspector } from '@kw/runtime';
import type { CliHost } from '../../host.ts';
import { wrapLines } from '../../render/display-width.ts';
import { safeCommand, safeText } from '../../render/safe-text.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import { pad } from '../columns.ts';
import type { ExplainedTarget } from './explain-command.ts';
import { explainMessagesIn } from './messages.ts';
import type { ExplainMessages } from './messages.ts';

/** What is shown. */
export interface Explained {
  readonly command: string;
  readonly explanation: ReturnType<Inspector['explain']>;
  readonly decided: DecidedCall;
  readonly target: ExplainedTarget;
}

const margin = 12;
const minColumns = 30;

/** An explanation for reading: the whole, then every part where there are several. */
export function renderExplanation(
  { command, explanation, decided, target }: Explained,
  at: Pick<CliHost, 'stdout' | 'env'> & { readonly language: 'en' | 'zh'; readonly reasonIn: (reason: string) => string },
): string {
  const style = createStyle(takesColor(at.stdout, at.env));
  const messages = explainMessagesIn(at.language);
  const width = at.stdout.isTTY ? Math.max(minColumns, at.stdout.columns() - margin - 1) : Number.POSITIVE_INFINITY;
  const field = (name: string, text: string): string => {
    if (text === '') return '';
    const lines = Number.isFinite(width) ? wrapLines(text, width).map((line) => line.trim()) : [text];
    return `  ${style.dim(pad(name, margin - 2))}${lines.join(`\n${' '.repeat(margin)}`)}\n`;
  };
  /** Nothing of a command is left out. */
  const whole = (text: string, indent: string): readonly string[] =>
    (at.stdout.isTTY ? wrapLines(text, at.stdout.columns() - indent.length - 1) : [text]).map((line) => `${indent}${line}`);
  const reasons = (texts: readonly string[]): string => safeText(texts.map(at.reasonIn).join(messages.between));
  const verdictOf = (decision: Decision | undefined): string =>
    decision === undefined ? '' : messages.because(messages.verdicts[decision.verdict], safeText(at.reasonIn(decision.reason)));
  const { effect, traits, names, subject, parts, refusal, targetFlags, hidesOutput, origin } = explanation;
  const head = [
    `${whole(safeCommand(command), '').map(style.bold).join('\n')}\n`,
    origin === undefined ? '' : field(messages.tool, safeText(`${explanation.tool} (${origin})`)),
    field(messages.effect, messages.effects[effect]),
    field(
      messages.traits,
      [...traits.map((trait) => messages.traitWords[trait]), ...(hidesOutput ? [messages.hidesOutput] : [])].join('; '),
    ),
    field(messages.target, targetText(target, { flags: targetFlags, namespace: subject.namespace, messages })),
    field(messages.objects, safeText([(subject.kinds ?? []).join(', '), names.join(', ')].filter((text) => text !== '').join(' '))),
    parts.length > 1 ? '' : field(messages.why, reasons(explanation.reasons)),
  ];
  const several =
    parts.length < 2
      ? []
      : parts.flatMap((part, index) => [
          `\n  ${style.dim(messages.part(index + 1, parts.length))}\n`,
          `${whole(safeCommand(part.text), '    ').join('\n')}\n`,
          field(messages.effect, [messages.effects[part.effect], ...part.traits.map((trait) => messages.traitWords[trait])].join('; ')),
          field(messages.why, reasons(part.reasons)),
          field(messages.verdict, verdictOf(decided.parts[index]?.decision)),
        ]);
  const verdict = refusal === undefined ? verdictOf(decided.decision) : messages.refused(safeText(refusal));
  return [...head, ...several, several.length === 0 ? '' : '\n', field(messages.verdict, style.bold(verdict))].join('');
}

interface TargetWords {
  readonly flags: readonly string[];
  readonly namespace: string | undefined;
  readonly messages: ExplainMessages;
}

function targetText(target: ExplainedTarget, { flags, namespace, messages }: TargetWords): string {
  if (flags.length > 0) return messages.moves(safeText(flags.join(', ')));
  if (target.type === 'unknown') return messages.unknownTarget(safeText(target.reason));
  return safeText(`${target.context} (${target.server}), ${messages.namespace} ${namespace ?? target.namespace}`);
}
