import type { ChatModel, Message } from '@kw/providers';
import type { ApprovalDecision, ApprovalRequest } from '../approval.ts';
import type { Clock } from '../clock.ts';
import type { LeaseKeeper } from '../drive/lease-keeper.ts';
import type { Ledger } from '../drive/ledger.ts';
import type { PartialWriter } from '../drive/partial-writer.ts';
import type { Executor } from '../executor/executor.ts';
import type { TakeSlot } from '../executor/slots.ts';
import type { Random } from '../ids.ts';
import type { Sha256 } from '../output/sha256.ts';
import type { OutputStore } from '../output-store.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { OpenTarget } from '../target.ts';
import type { Tool } from '../tool.ts';

/** Answers questions inside the driving process; undefined leaves the question to others. */
export type Approve = (
  request: ApprovalRequest,
  options: { readonly signal: AbortSignal },
) => ApprovalDecision | boolean | undefined | Promise<ApprovalDecision | boolean | undefined>;

/** All that the driving of one run needs. */
export interface RunScope {
  readonly session: string;
  readonly runId: string;
  readonly ledger: Ledger;
  readonly partials: PartialWriter;
  readonly keeper: LeaseKeeper;
  readonly executor: Executor;
  readonly model: ChatModel;
  /** Today's tools; asked for at each request. */
  readonly tools: () => readonly Tool[];
  readonly openTarget: () => Promise<OpenTarget | undefined>;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  /** The door to the model. */
  readonly redactMessage: (message: Message) => Message;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted with a stop reason: cancel, lost lease, shutdown. */
  readonly signal: AbortSignal;
  readonly approve?: Approve;
  readonly sha256?: () => Sha256;
  readonly takeSlot?: TakeSlot;
  /** How long an open question is waited for before the run parks. */
  readonly approvalWaitMs: number;
  readonly approvalTtlMs: number;
  /** The arguments of calls as the model wrote them, where the log holds them redacted; only in this process. */
  readonly rawArguments: Map<string, string>;
  /** A call's argument bytes, read from the store anew. */
  readonly loggedArguments: (callId: string) => Promise<string | undefined>;
  /** Takes what has to end before the driver does. */
  readonly leftover: (end: Promise<unknown>) => void;
  /** True where the log cannot be written: nothing is changed, nobody is asked. */
  readonly unwritable: () => boolean;
}
