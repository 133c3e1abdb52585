import type { Config } from '@kw/runtime';
import { createRuntime } from '@kw/runtime';
import { safeText } from '../render/safe-text.ts';
import { createStatusLine } from '../render/status-line.ts';
import type { StatusLine } from '../render/status-line.ts';
import { createStyle, takesColor } from '../render/style.ts';
import { openCounter } from './ask.ts';
import type { CommandContext, RuntimeCommand } from './context.ts';

/** Puts the whole program together for a command at a terminal, and takes it apart again. */
export async function withRuntime(context: CommandContext, run: RuntimeCommand): Promise<number> {
  const { host, surroundings, loaded, messages } = context;
  const counter = openCounter(loaded.config, host);
  const status = waitingFor(loaded.config, context);
  const runtime = await createRuntime(loaded.config, surroundings, {
    onWarning: (message) => counter.view.say(messages.warning(safeText(message))),
    // Where nobody can be asked, a question that was asked earlier goes on waiting for `resume`.
    ...(counter.elicit === undefined ? {} : { askForServer: counter.elicit }),
    ...(counter.approve === undefined ? { approvalWaitMs: 0 } : { approve: counter.approve, approvalWaitMs: Number.POSITIVE_INFINITY }),
  }).finally(() => status?.clear());
  try {
    for (const warning of runtime.warnings) host.stderr.write(`${messages.warning(safeText(warning))}\n`);
    return await run({ ...context, runtime, counter });
  } finally {
    await runtime.close();
  }
}

/** MCP servers may take some seconds to be there. */
function waitingFor(config: Config, { host, messages }: CommandContext): StatusLine | undefined {
  if (!config.mcpClient || config.quiet) return undefined;
  const style = createStyle(takesColor(host.stderr, host.env));
  const status = createStatusLine(host.stderr, { style, monotonic: host.monotonic });
  status.show(messages.connecting);
  return status;
}
