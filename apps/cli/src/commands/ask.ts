import type { AgentEvent, ApprovalDecision, ApprovalRequest, Approve, RunRef } from '@kw/agent';
import type { Config, Runtime } from '@kw/runtime';
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

/** What is between a run and the person in front of it. */
export interface Counter {
  readonly view: RunView;
  /** Absent where nobody can be asked. */
  readonly approve?: Approve;
}

/** A question, or a run that goes on. */
export type Work =
  | { readonly type: 'question'; readonly text: string; readonly session?: string }
  | { readonly type: 'resume'; readonly run: RunRef };

/** Sets up where a run is shown and how its questions are asked. */
export function openCounter(config: Config, host: CliHost): Counter {
  const view = createView(config, host);
  const canAsk = !config.quiet && host.canAsk();
  return canAsk ? { view, approve: (request, { signal }) => askPerson(request, { view, config, host, signal }) } : { view };
}

/** Runs one question (or goes on with one) and shows it; gives the exit code. */
export async function runAndShow(
  work: Work,
  runtime: Runtime,
  { host, counter }: { readonly host: CliHost; readonly counter: Counter },
): Promise<number> {
  const { view, approve } = counter;
  const options = { signal: host.interrupt };
  const events: AsyncIterable<AgentEvent> =
    work.type === 'resume' ? runtime.resume(work.run, options) : runtime.run(inputOf(work, runtime.config, approve !== undefined), options);
  let code: number = exitCodes.failed;
  for await (const event of events) {
    view.show(event);
    if (event.type === 'run-end') code = exitCodeOf(event.outcome, event.unanswered);
    if (event.type === 'run-parked') code = exitCodes.unanswered;
  }
  return host.interrupt.aborted ? exitCodes.interrupted : code;
}

function inputOf(work: Extract<Work, { type: 'question' }>, config: Config, asks: boolean): Parameters<Runtime['run']>[0] {
  return {
    text: work.text,
    ...(work.session === undefined ? {} : { session: work.session }),
    settings: { approvals: asks ? 'ask' : 'none', ...(config.languageIsChosen ? { language: config.language } : {}) },
  };
}

function createView(config: Config, host: CliHost): RunView {
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
  readonly config: Config;
  readonly host: CliHost;
  readonly signal: AbortSignal;
}

/** `y` and `yes` approve; everything else does not, and is told to the model where it is more than a no. Undefined: nobody answered. */
async function askPerson(request: ApprovalRequest, { view, config, host, signal }: Asking): Promise<ApprovalDecision | undefined> {
  const messages = messagesIn(config.language);
  view.say(renderApproval(request, { style: createStyle(takesColor(host.stderr, host.env)), messages, columns: host.stderr.columns() }));
  const line = await host.ask(messages.approvalPrompt, AbortSignal.any([signal, host.interrupt]));
  if (signal.aborted || host.interrupt.aborted) return undefined;
  const word = line?.trim().toLowerCase();
  if (word === 'y' || word === 'yes') return { decision: 'approve' };
  const isPlainNo = line === undefined || word === '' || word === 'n' || word === 'no';
  return { decision: 'deny', ...(isPlainNo ? {} : { reason: line.trim() }) };
}
