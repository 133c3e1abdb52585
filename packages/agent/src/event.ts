import type { FinishReason, Usage } from '@kw/providers';
import type { ApprovalRequest, ApprovalResponse } from './approval.ts';
import type { ContextUse, RunCost, RunOutcome, RunSettings, ToolOutcome } from './entry.ts';
import type { OutputRef } from './output-store.ts';
import type { RunTarget } from './target.ts';
import type { Effect, Trait } from './tool.ts';

/** A place in a session's stream: the last entry that was delivered whole, and how far into the message being written. */
export type Cursor = `${number}:${number}`;

interface Of<T extends string> {
  readonly type: T;
  readonly session: string;
  readonly runId: string;
  /** Where a reader that has taken this event may go on. */
  readonly cursor: Cursor;
}

/** Something that happened in a run, told apart by `type`; unknown types must be skipped by readers. */
export type AgentEvent =
  | (Of<'run-start'> & { readonly settings: RunSettings; readonly target?: RunTarget; readonly query: string })
  | (Of<'text-delta'> & { readonly text: string })
  | (Of<'reasoning-delta'> & { readonly text: string })
  /** The deltas since the last turn's end are void. */
  | (Of<'message-discarded'> & { readonly code: string; readonly reason: string })
  | (Of<'turn-end'> & {
      readonly turn: number;
      readonly finish: FinishReason;
      readonly usage: Usage;
      readonly modelUsed?: string;
      readonly partial?: boolean;
      readonly cost?: RunCost;
    })
  | (Of<'tool-call'> & { readonly callId: string; readonly tool: string; readonly arguments: string })
  | (Of<'tool-start'> & {
      readonly callId: string;
      readonly tool: string;
      readonly summary: string;
      readonly effect: Effect;
      readonly traits: readonly Trait[];
      /** The grant by which it runs unasked. */
      readonly grantId?: string;
    })
  | (Of<'tool-progress'> & { readonly callId: string; readonly message: string })
  | (Of<'tool-result'> & {
      readonly callId: string;
      readonly tool: string;
      readonly outcome: ToolOutcome;
      readonly isError: boolean;
      readonly content: string;
      readonly summary?: string;
      readonly exitCode?: number;
      readonly durationMs: number;
      readonly output?: OutputRef;
      readonly outputBytes?: number;
    })
  | (Of<'approval-request'> & { readonly request: ApprovalRequest })
  | (Of<'approval-response'> & { readonly response: ApprovalResponse })
  | (Of<'retry'> & { readonly attempt: number; readonly delayMs: number; readonly code: string; readonly message: string })
  | (Of<'run-parked'> & { readonly approvalId: string })
  | (Of<'run-resumed'> & { readonly because: 'answered' | 'expired' | 'orphaned' })
  /** Old turns became a summary; tokens of the history before and after, estimated. */
  | (Of<'context-compacted'> & { readonly before: number; readonly after: number; readonly turns: number })
  /** A line that is said once. */
  | (Of<'notice'> & { readonly code: string; readonly message: string })
  | (Of<'run-end'> & {
      readonly outcome: RunOutcome;
      readonly usage: Usage;
      readonly turns: number;
      readonly unanswered: number;
      /** Absent where a price is not known. */
      readonly cost?: RunCost;
      readonly context?: ContextUse;
    });
