import { usageError } from '../../errors.ts';
import { exitCodes } from '../../exit-code.ts';
import type { BareContext } from '../context.ts';
import { completionScript } from './scripts.ts';

/** Prints the completion script of a shell. */
export async function completion({ line: { words }, host }: BareContext): Promise<number> {
  const [shell] = words;
  if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') {
    throw usageError({
      en: 'which shell? kubelet-wuhrai completion bash, zsh or fish (kubelet-wuhrai help completion says where it goes)',
      zh: '请指明 shell：kubelet-wuhrai completion bash、zsh 或 fish（用法见 kubelet-wuhrai help completion）',
    });
  }
  host.stdout.write(completionScript(shell));
  return exitCodes.answered;
}
