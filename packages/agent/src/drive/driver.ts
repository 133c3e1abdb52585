import type { ChatModel, Message } from '@kw/providers';
import type { Clock } from '../clock.ts';
import type { Executor } from '../executor/executor.ts';
import type { Random } from '../ids.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { Approve } from '../loop/scope.ts';
import type { TakeSlot } from '../executor/slots.ts';
import type { Sha256 } from '../output/sha256.ts';
import type { OutputStore } from '../output-store.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { SessionStore } from '../session-store.ts';
import type { TargetSource } from '../target.ts';
import type { Tool } from '../tool.ts';

/** What driving needs, the same for all sessions. */
export interface Driver {
  readonly store: SessionStore;
  readonly logs: LogReader;
  readonly outputs: OutputStore;
  readonly models: (ref: { readonly provider: string; readonly id: string }) => ChatModel | Promise<ChatModel>;
  readonly tools: () => readonly Tool[];
  readonly targets?: TargetSource;
  readonly executor: Executor;
  readonly redactor: Redactor;
  readonly redactMessage: (message: Message) => Message;
  readonly clock: Clock;
  readonly random: Random;
  readonly approve?: Approve;
  readonly sha256?: () => Sha256;
  readonly takeSlot?: TakeSlot;
  readonly approvalWaitMs: number;
  readonly approvalTtlMs: number;
  readonly leaseTtlMs: number;
  readonly pollMs: number;
  /** True where the session's log cannot be written at the moment. */
  readonly unwritable: (session: string) => boolean;
}
