import type { AgentEvent, ApprovalDecision, ApprovalRequest, RunRef } from '@kw/agent';
import type { Runtime } from '@kw/runtime';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import { loadMarkdown, plainWriter, terminalWriter } from '../render/answer-writer.ts';
import type { MarkdownParts } from '../render/answer-writer.ts';
import { renderApproval } from '../render/approval.ts';
import { createRunView } from '../render/run-view.ts';
import type { RunView } from '../render/run-view.ts';
import { createStatusLine } from '../render/status-line.ts';
import { createStyle, takesColor } from '../render/style.ts';

/** A question, or a run that goes on. */
export type Work = { readonly type: 'question'; readonly text: string; readonly session?: string } | { readonly type: 'resume'; readonly run: RunRef };

/** Runs one question (or goes on with one) and shows it; gives the exit code. */
export async function runAndShow(work: Work, runtime: Runtime, host: CliHost): Promise<number> {
  const { config } = runtime;
  const messages = messagesIn(config.language);
  const view = createView(runtime, host);
  const asks = !config.quiet && host.canAsk();
  const approve = asks ? (request: ApprovalRequest) => askPerson(request, { view, runtime, host }) : undefined;
  const options = { signal: host.interrupt, ...(approve === undefined ? {} : { approve }) };
  const events: AsyncIterable<AgentEvent> = work.type === 'resume' ? runtime.resume(work.run, options) : runtime.run(questionOf(work, runtime, asks), options);
  let code: number = exitCodes.failed;
  for await (const event of events) {
    view.show(event);
    if (event.type === 'run-end') code = exitCodeOf(event.outcome, event.unanswered);
    if (event.type === 'run-parked') code = exitCodes.unanswered;
  }
  if (host.interrupt.aborted && code === exitCodes.failed) view.say(messages.cancelled);
  return host.interrupt.aborted ? exitCodes.interrupted : code;
}

function questionOf(work: Extract<Work, { type: 'question' }>, runtime: Runtime, asks: boolean): Parameters<Runtime['run']>[0] {
  return {
    text: work.text,
    ...(work.session === undefined ? {} : { session: work.session }),
    settings: { approvals: asks ? 'ask' : 'none', language: runtime.config.language },
  };
}

function createView(runtime: Runtime, host: CliHost): RunView {
  const { config } = runtime;
  const { stdout, stderr } = host;
  let markdown: MarkdownParts | undefined;
  const styled = stdout.isTTY && takesColor(stdout, host.env);
  if (styled) {
    void loadMarkdown().then((parts) => {
      markdown = parts;
    });
  }
  const write = (text: string): void => {
    stdout.write(text);
  };
  const size = (): { columns: number; rows: number } => ({ columns: stdout.columns(), rows: stdout.rows() });
  const style = createStyle(takesColor(stderr, host.env));
  return createRunView({
    messages: messagesIn(config.language),
    style,
    stderr,
    status: createStatusLine(stderr, { style, monotonic: host.monotonic }),
    answer: styled ? terminalWriter({ write, style: createStyle(true), size, markdown: () => markdown }) : plainWriter(write),
    streams: stdout.isTTY,
    quiet: config.quiet,
    showToolOutput: config.showToolOutput,
  });
}

interface Asking {
  readonly view: RunView;
  readonly runtime: Runtime;
  readonly host: CliHost;
}

/** `y` and `yes` approve; everything else does not, and is told to the model where it is more than a no. Undefined: nobody answered. */
async function askPerson(request: ApprovalRequest, { view, runtime, host }: Asking): Promise<ApprovalDecision | undefined> {
  const messages = messagesIn(runtime.config.language);
  const style = createStyle(takesColor(host.stderr, host.env));
  view.say(renderApproval(request, { style, messages }));
  const line = await host.ask(messages.approvalPrompt, host.interrupt);
  if (host.interrupt.aborted) return undefined;
  const word = line?.trim().toLowerCase();
  if (word === 'y' || word === 'yes') return { decision: 'approve' };
  const isPlainNo = line === undefined || word === '' || word === 'n' || word === 'no';
  return { decision: 'deny', ...(isPlainNo ? {} : { reason: line.trim() }) };
}
