import { createRuntime } from '@kw/runtime';
import { safeText } from '../render/safe-text.ts';
import { openCounter } from './ask.ts';
import type { CommandContext, RuntimeCommand } from './context.ts';

/** Puts the whole program together for a command at a terminal, and takes it apart again. */
export async function withRuntime(context: CommandContext, run: RuntimeCommand): Promise<number> {
  const { host, surroundings, loaded, messages } = context;
  const counter = openCounter(loaded.config, host);
  const runtime = await createRuntime(loaded.config, surroundings, {
    onWarning: (message) => counter.view.say(messages.warning(safeText(message))),
    // Where nobody can be asked, a question that was asked earlier goes on waiting for `resume`.
    ...(counter.approve === undefined ? { approvalWaitMs: 0 } : { approve: counter.approve, approvalWaitMs: Number.POSITIVE_INFINITY }),
  });
  try {
    for (const warning of runtime.warnings) host.stderr.write(`${messages.warning(safeText(warning))}\n`);
    return await run({ ...context, runtime, counter });
  } finally {
    await runtime.close();
  }
}
