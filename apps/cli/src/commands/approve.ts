import type { ApprovalDecision, ApprovalRequest } from '@kw/agent';
import type { Config } from '@kw/runtime';
import { loadReasons } from '@kw/runtime';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import { renderChoices, toAnswer } from '../render/approval-choices.ts';
import { renderApproval } from '../render/approval.ts';
import type { RunView } from '../render/run-view.ts';
import { createStyle, takesColor } from '../render/style.ts';

/** Where a person is asked. */
export interface Asking {
  readonly view: RunView;
  readonly config: Config;
  readonly host: CliHost;
  readonly signal: AbortSignal;
}

/** Shows the question and takes the answer of the person at the terminal. Undefined: nobody answered. */
export async function askPerson(request: ApprovalRequest, asking: Asking): Promise<ApprovalDecision | undefined> {
  // A terminal that is closed is no answer: the question stays open, and `resume` asks it again.
  const back = asking.host.onHangup(asking.host.exitNow);
  try {
    return await askUntilAnswered(request, asking);
  } finally {
    back();
  }
}

async function askUntilAnswered(request: ApprovalRequest, { view, config, host, signal }: Asking): Promise<ApprovalDecision | undefined> {
  const messages = messagesIn(config.language);
  const style = createStyle(takesColor(host.stderr, host.env));
  const columns = host.stderr.columns();
  const grants = request.grants ?? [];
  const stop = AbortSignal.any([signal, host.interrupt]);
  const read = async (prompt: string): Promise<string | undefined> => {
    const line = await host.ask(prompt, stop);
    return stop.aborted ? undefined : line;
  };
  const reasonIn = await loadReasons(config.language);
  view.say(renderApproval(request, { style, messages, columns, reasonIn }));
  for (;;) {
    const answer = toAnswer(await read(renderChoices(request, { messages, style, columns })), grants);
    if (stop.aborted) return undefined;
    switch (answer.type) {
      case 'decision':
        return answer.decision;
      case 'not-offered':
        view.say(style.yellow(messages.notOffered));
        break;
      case 'explain': {
        const reason = (await read(messages.explainPrompt))?.trim() ?? '';
        return stop.aborted ? undefined : { decision: 'deny', ...(reason === '' ? {} : { reason }) };
      }
    }
  }
}
