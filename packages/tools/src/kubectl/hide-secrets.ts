import type { ToolInvocation } from '@kw/agent';
import type { Judgement } from '../effects/judgement.ts';
import type { KubectlCommand } from './parse-kubectl.ts';
import { judgeLocalFiles } from './sensitive.ts';

/** Reads of Secrets need no question where every value is hidden anyway: by structure in JSON and YAML, else as a whole. */
export function hideWhatCanBeHidden(
  judgement: Judgement,
  command: KubectlCommand | undefined,
): Pick<ToolInvocation, 'effect' | 'traits' | 'reasons' | 'secretOutput'> {
  const { effect, traits, reasons } = judgement;
  const readsObjects =
    effect === 'read' &&
    (command?.verb === 'get' || command?.verb === 'describe') &&
    traits.includes('sensitive') &&
    !command.uses.some(({ spec }) => spec.name === 'v' || spec.name === 'vmodule' || spec.name === 'raw') &&
    judgeLocalFiles(command).length === 0;
  if (!readsObjects) return { effect, traits, reasons };
  const structured = command.verb === 'describe' || command.output === 'json' || command.output === 'yaml';
  return {
    effect,
    traits: traits.filter((trait) => trait !== 'sensitive'),
    reasons: [...reasons, 'secret values are hidden'],
    ...(structured ? {} : { secretOutput: true }),
  };
}
