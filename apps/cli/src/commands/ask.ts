import type { AgentEvent, Approve, JsonObject, RunRef } from '@kw/agent';
import type { Config, McpQuestion, ModelRef, Runtime } from '@kw/runtime';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import { loadMarkdown, plainWriter, terminalWriter } from '../render/answer-writer.ts';
import type { MarkdownParts } from '../render/answer-writer.ts';
import { createJsonView } from '../render/json-view.ts';
import { createRunView } from '../render/run-view.ts';
import type { RunView } from '../render/run-view.ts';
import { createStatusLine } from '../render/status-line.ts';
import { createStyle, takesColor } from '../render/style.ts';
import { createArrivals } from './arrivals.ts';

/** What is between a run and the person in front of it. */
export interface Counter {
  readonly view: RunView;
  /** Absent where nobody can be asked. */
  readonly approve?: Approve;
  /** Asks what an MCP server wants to know; undefined where it is declined. Absent where nobody can be asked. */
  readonly elicit?: (question: McpQuestion, signal: AbortSignal) => Promise<JsonObject | undefined>;
}

/** A question, or a run that goes on. */
export type Work =
  | { readonly type: 'question'; readonly text: string; readonly session?: string; readonly model?: ModelRef }
  | { readonly type: 'resume'; readonly run: RunRef };

/** What a run is shown with. */
export interface Shown {
  readonly host: CliHost;
  readonly counter: Counter;
  /** Cancels this run alone. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void;
}

/** Sets up where a run is shown and how its questions are asked. */
export function openCounter(config: Config, host: CliHost): Counter {
  const shown = createView(config, host);
  const canAsk = !config.quiet && host.canAsk();
  if (!canAsk) return { view: shown };
  const arrivals = createArrivals();
  const view: RunView = {
    ...shown,
    show: (event) => {
      shown.show(event);
      if (event.type === 'approval-request') arrivals.arrive(event.request.approvalId);
    },
  };
  const approve: Approve = async (request, { signal }) => {
    const { askPerson } = await import('./approve.ts');
    // Events travel by the store: what happened before the question is shown before it.
    await arrivals.wait(request.approvalId, signal);
    return askPerson(request, { view, config, host, signal });
  };
  const { language } = config;
  return {
    view,
    approve,
    elicit: async (question, signal) => {
      const { elicit } = await import('./elicit.ts');
      return elicit(question, { language, say: view.say, ask: host.ask }, AbortSignal.any([signal, host.interrupt]));
    },
  };
}

/** Runs one question (or goes on with one) and shows it; gives the exit code. */
export async function runAndShow(work: Work, runtime: Runtime, { host, counter, signal, onEvent }: Shown): Promise<number> {
  const { view, approve } = counter;
  const options = { signal: signal === undefined ? host.interrupt : AbortSignal.any([signal, host.interrupt]) };
  const events: AsyncIterable<AgentEvent> =
    work.type === 'resume' ? runtime.resume(work.run, options) : runtime.run(inputOf(work, runtime.config, approve !== undefined), options);
  let code: number = exitCodes.failed;
  for await (const event of events) {
    onEvent?.(event);
    if (event.type === 'tool-start' && event.grantId !== undefined)
      view.byGrant(event.callId, await grantNumber(event.session, event.grantId, runtime));
    view.show(event);
    await caughtUp(host);
    if (event.type === 'run-end') code = exitCodeOf(event.outcome, event.unanswered);
    if (event.type === 'run-parked') code = exitCodes.unanswered;
  }
  return host.interrupt.aborted ? exitCodes.interrupted : code;
}

/** The number under which `grants` lists it and `revoke` takes it back. */
async function grantNumber(session: string, grantId: string, { runs, principal }: Runtime): Promise<number | undefined> {
  const grants = await runs.grants(session, principal).catch(() => []); // the store is away: the mark needs no number
  const index = grants.findIndex((grant) => grant.grantId === grantId);
  return index === -1 ? undefined : index + 1;
}

/** Waits for a slow reader; the run itself goes on meanwhile, and whoever stops it does not wait. */
async function caughtUp({ stdout, interrupt }: CliHost): Promise<void> {
  if (interrupt.aborted) return;
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
    interrupt.addEventListener('abort', stop);
  });
  await Promise.race([stdout.drained(), stopped]);
  interrupt.removeEventListener('abort', stop);
}

function inputOf(work: Extract<Work, { type: 'question' }>, config: Config, asks: boolean): Parameters<Runtime['run']>[0] {
  return {
    text: work.text,
    ...(work.session === undefined ? {} : { session: work.session }),
    settings: {
      approvals: asks ? 'ask' : 'none',
      ...(config.languageIsChosen ? { language: config.language } : {}),
      ...(work.model === undefined ? {} : { model: work.model }),
    },
  };
}

function createView(config: Config, host: CliHost): RunView {
  const { stdout, stderr, monotonic } = host;
  if (config.output !== 'text') return createJsonView({ form: config.output, stdout, stderr, monotonic });
  let markdown: MarkdownParts | undefined;
  const rendered = stdout.isTTY && host.env['TERM'] !== 'dumb';
  if (rendered) {
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
    status: createStatusLine(stderr, { style, monotonic }),
    answer: rendered
      ? terminalWriter({ write, style: createStyle(takesColor(stdout, host.env)), size, markdown: () => markdown })
      : plainWriter(write),
    streams: stdout.isTTY,
    quiet: config.quiet,
    showToolOutput: config.showToolOutput,
    monotonic,
  });
}
