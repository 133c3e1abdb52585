import type { ToolSpec } from '@kw/providers';
import type { OutputReader } from './output-store.ts';
import type { ChangePreview } from './preview.ts';
import type { OpenTarget, RunTarget, TargetSource } from './target.ts';

/** What a call does to the world, the worst part deciding. */
export type Effect = 'read' | 'write' | 'dangerous' | 'unknown';

/** What stands beside the effect. */
export type Trait = 'sensitive' | 'needs-terminal' | 'unbounded' | 'moves-target';

/** What rules of a policy may name. */
export interface CallSubject {
  readonly verb?: string;
  readonly kinds?: readonly string[];
  readonly namespace?: string;
  readonly context?: string;
  /**
   * All that changes how far or how hard it acts, such as `--force`; calls that a `similar` grant covers have the same. Only for calls that name
   * each object they touch; absent where that is not so or not known, and then only the very same command can be granted.
   */
  readonly flags?: readonly string[];
}

/** One of several things that a call does; a policy must allow each. */
export interface CallPart {
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly subject?: CallSubject;
}

/** What `prepare` may know. */
export interface PrepareScope {
  readonly target?: RunTarget;
}

/** What a running call may use. */
export interface ToolContext {
  readonly callId: string;
  readonly target?: OpenTarget;
  /** Aborted on cancel, at the time limit and when the lease is lost; the whole process group must then end. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The kept outputs of this session. */
  readonly outputs: OutputReader;
  /** Asks a person while the call runs, as an approval is asked for: whoever may answer does, in any process. Absent for calls that only read. */
  readonly ask?: (question: ToolQuestion) => Promise<ToolAnswer>;
}

/** What a running call wants to know of a person: a sentence that yes or no answers. */
export interface ToolQuestion {
  /** The whole question, with who asks. */
  readonly text: string;
  /** What an answer means, for people. */
  readonly reasons: readonly string[];
}

/** What was said, or why nobody said anything. */
export type ToolAnswer =
  | { readonly type: 'yes' }
  | { readonly type: 'no'; readonly reason?: string }
  | { readonly type: 'nobody'; readonly reason: string };

/** Something to show while a call runs; never kept. */
export interface ToolProgress {
  readonly type: 'progress';
  readonly message: string;
}

/** A piece of the call's output, as it comes. Any size; the caller bounds it. */
export interface ToolOutput {
  readonly type: 'output';
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The end of a call, exactly once. */
export interface ToolEnd {
  readonly type: 'result';
  readonly isError: boolean;
  readonly exitCode?: number;
  /** Words for the model after the output: advice, the reason of a failure. */
  readonly note?: string;
}

/** What a call yields, told apart by `type`. */
export type ToolChunk = ToolProgress | ToolOutput | ToolEnd;

/** A call that was understood: what it is judged to do, and the way to do exactly that. */
export interface ToolInvocation {
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  /** Why it was judged so, for people; each names the word that decided. */
  readonly reasons: readonly string[];
  /** The whole command or request, for people; escaped by whoever shows it. */
  readonly summary: string;
  readonly subject?: CallSubject;
  /** The parts of a call that does several things (a script), where they are known; each is decided by itself. */
  readonly parts?: readonly CallPart[];
  /** The part of the arguments that a shell runs; it is refused where redaction would hide more of it than plain values. */
  readonly source?: string;
  /** All that was judged beyond the argument bytes (resolved argv, binary); bound to the approval. */
  readonly binding?: string;
  /** What it does stands in files or at addresses that are no part of the call, or what it touches is chosen when it runs: an approval is for this one time only. */
  readonly unseen?: boolean;
  /** Refused whatever the policy says, with the way to do it instead (needs a terminal, never ends). */
  readonly refusal?: string;
  /** False where the output is not worth keeping (it is a part of a kept one). Default true. */
  readonly keepOutput?: boolean;
  /** True where the output is nothing but secret values (`-o jsonpath` of a Secret): all of it is hidden, not only what has a secret's shape. */
  readonly secretOutput?: boolean;
  /** The call's own time limit; the executor caps it. */
  readonly timeoutMs?: number;
  /** What it would change. Reads only. */
  preview?(context: ToolContext): Promise<ChangePreview>;
  /** Only the executor calls this. */
  run(context: ToolContext): AsyncIterable<ToolChunk>;
}

/** A tool: what the model is told, and how a call is understood. */
export interface Tool extends ToolSpec {
  /** Part of an approval's fingerprint: changes when the meaning of the arguments does. */
  readonly version: string;
  /** For people. */
  readonly title?: string;
  /** Lines for the system prompt that this tool needs the model to know; short. */
  readonly guidance?: string;
  /** Where this tool's clusters come from; an agent without its own source uses the first tool's. */
  readonly targets?: TargetSource;
  /** Deterministic, without I/O. Throws KwError `tool-input`, whose message is for the model. */
  prepare(argumentsJson: string, scope: PrepareScope): ToolInvocation;
}
