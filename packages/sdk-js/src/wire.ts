/** The wire contract of `/api/v1`: types only. Additive within a major; unknown fields and event types must be ignored. */

/** A place in a session's stream: the SSE `id`, sent back as `Last-Event-ID` or `cursor`. */
export type WireCursor = `${number}:${number}`;

/** Where a question acts. */
export interface ChatContext {
  readonly namespace?: string;
  /** The name of a kube context of the server's configuration; never a URL. */
  readonly cluster?: string;
}

/** Body of `POST /api/v1/chat` and `/api/v1/chat/stream`. */
export interface ChatRequestBody {
  readonly query: string;
  /** `^[A-Za-z0-9_-]{1,64}$`; absent or null: a new session. */
  readonly session_id?: string | null;
  readonly context?: ChatContext;
  readonly stream?: boolean;
  /** A new message to a parked session ends it with a denial instead of 409. */
  readonly supersede?: boolean;
}

/** How a run stands. `limit`: stopped at a limit, `response` is the best so far. */
export type ChatStatus = 'processing' | 'completed' | 'awaiting_approval' | 'limit' | 'cancelled' | 'error';

/** One field that an approved call would change. */
export interface WireFieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** One object that an approved call would change. */
export interface WireObjectChange {
  readonly action: 'create' | 'update' | 'delete' | 'unchanged';
  readonly kind: string;
  readonly api_version: string;
  readonly namespace?: string;
  readonly name: string;
  readonly fields: readonly WireFieldChange[];
}

/** Where and as whom something acts. */
export interface WireTarget {
  readonly context: string;
  readonly server: string;
  /** The namespace that is meant where none is named. */
  readonly namespace?: string;
  readonly user: string;
  /** The user in whose name, or with whose token, it is done. */
  readonly as?: string;
}

/** What an approval may be widened to. */
export interface WireGrantOffer {
  readonly scope: 'exact' | 'similar';
  /** In English. */
  readonly label: string;
  /** The parts of the label, for other languages. */
  readonly calls?: {
    readonly verb: string;
    readonly kinds: readonly string[];
    readonly namespace: string;
    /** What all of them have in common beside that, such as `--force`. */
    readonly flags: readonly string[];
  };
}

/** A question that waits for a person. */
export interface WireApproval {
  readonly id: string;
  readonly tool: string;
  /** The whole command; with `question`, what is asked. */
  readonly command: string;
  /** Not a command that may run, but a yes/no question of one that runs: `approve` is yes, `deny` is no. */
  readonly question?: true;
  readonly effect: 'read' | 'write' | 'dangerous' | 'unknown';
  readonly traits: readonly string[];
  readonly reasons: readonly string[];
  readonly target?: WireTarget;
  /** Whoever asked may decline it, but somebody else must approve it. */
  readonly approve_by?: 'other-person';
  readonly preview?: {
    readonly objects: readonly WireObjectChange[];
    readonly more?: number;
    readonly warnings: readonly string[];
    readonly unavailable?: string;
  };
  /** RFC 3339. */
  readonly expires_at: string;
  readonly asked_again?: string;
  /** What an approval may be widened to. */
  readonly grants?: readonly WireGrantOffer[];
  /**
   * Why `grants` lacks `similar`, or both: `rule`, `secret`, `other-cluster` or `unseen` (the same words may do something else the next time) where nothing may be granted;
   * `dangerous`, `unknown`, `script`, `several` or `not-plain` where only this very command may be.
   */
  readonly ungranted?: string;
}

/** Facts about a run. Values are strings where the documented API has strings. */
export interface ChatMetadata {
  /** Unicode code points, as a string. */
  readonly query_length: string;
  /** RFC 3339. */
  readonly processed_at: string;
  readonly model_used?: string;
}

/** Why something failed. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}

/** Answer of `POST /api/v1/chat`. */
export interface ChatResponseBody {
  readonly response: string;
  readonly session_id: string;
  readonly run_id: string;
  readonly status: ChatStatus;
  readonly metadata: ChatMetadata;
  readonly timestamp: string;
  readonly approval?: WireApproval;
  /** Where the stream of the run goes on. */
  readonly cursor?: WireCursor;
  readonly error?: WireError;
}

/** What a stream event tells beside text; `type` is the agent's event name. */
export type WireActivity =
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'message-discarded'; readonly reason: string }
  | { readonly type: 'tool-call'; readonly call_id: string; readonly tool: string; readonly arguments: string }
  | {
      readonly type: 'tool-start';
      readonly call_id: string;
      readonly tool: string;
      readonly command: string;
      readonly effect: string;
      /** The grant by which it runs unasked: the id of the approval that it was given with. */
      readonly grant_id?: string;
    }
  | { readonly type: 'tool-progress'; readonly call_id: string; readonly message: string }
  | {
      readonly type: 'tool-result';
      readonly call_id: string;
      readonly tool: string;
      readonly outcome: string;
      readonly is_error: boolean;
      readonly content: string;
      readonly duration_ms: number;
      readonly exit_code?: number;
      readonly output?: string;
    }
  | {
      readonly type: 'approval-response';
      readonly approval_id: string;
      readonly decision: string;
      readonly reason?: string;
      readonly grant?: string;
      /** The name of the person who answered. */
      readonly by?: string;
    }
  | { readonly type: 'retry'; readonly attempt: number; readonly delay_ms: number; readonly message: string }
  | { readonly type: 'run-resumed'; readonly because: string }
  /** Old turns became a summary; tokens of the history before and after, estimated. */
  | { readonly type: 'context-compacted'; readonly before: number; readonly after: number; readonly turns: number }
  /** A line for people that is said once. */
  | { readonly type: 'notice'; readonly code: string; readonly message: string }
  /** A question was asked, by whoever drives the session. */
  | { readonly type: 'run-start'; readonly query?: string; readonly target?: WireTarget }
  | { readonly type: 'turn-end' };

/** One event of a stream, one JSON object on one `data:` line. */
export interface StreamEvent {
  /** Text of the answer; empty where the event tells something else, so that a naive reader may print it. Absent in the last event. */
  readonly delta?: string;
  readonly session_id: string;
  readonly run_id?: string;
  readonly status: ChatStatus;
  /** True in the last event of a run only. `awaiting_approval` ends the stream without it: follow the run after the answer. */
  readonly done: boolean;
  /** The whole answer, in the last event. */
  readonly response?: string;
  readonly activity?: WireActivity;
  readonly approval?: WireApproval;
  readonly metadata?: Partial<ChatMetadata>;
  readonly error?: WireError;
  /** In the last event: what the run cost. */
  readonly usage?: WireUsage;
}

/** Body of `POST /api/v1/approvals/{id}`. */
export interface ApprovalAnswerBody {
  readonly decision: 'approve' | 'deny';
  /** With `approve`: the same or similar commands then run unasked in this session, where the question offers it. */
  readonly grant?: 'exact' | 'similar';
  readonly reason?: string;
}

/** Answer of `POST /api/v1/approvals/{id}`: 200 `accepted`, 409 `already-answered`, 410 `expired`, 403, 404. */
export interface ApprovalAnswerResponse {
  readonly status: 'accepted' | 'already-answered' | 'expired';
  readonly run_id: string;
  readonly session_id: string;
  /** Where it was not accepted. */
  readonly error?: WireError;
}

/** Answer of `GET /api/v1/runs/{id}`; `?wait=30s` waits that long for an end or a question. */
export interface RunResponseBody extends ChatResponseBody {
  readonly done: boolean;
  readonly started_at: string;
  readonly ended_at?: string;
}

/** Answer of `GET /api/v1/health`. */
export interface HealthResponse {
  readonly status: 'healthy' | 'draining';
  readonly version: string;
  readonly timestamp: string;
}

/** Answer of `GET /api/v1/models`. */
export interface ModelsResponse {
  readonly models: readonly string[];
  readonly current: string;
  readonly provider: string;
  readonly metadata: { readonly default_provider: string; readonly supports_tools: string };
  readonly timestamp: string;
}

/** Body of every 4xx and 5xx answer. */
export interface ErrorResponseBody {
  readonly error: WireError;
  readonly status: 'error';
  readonly timestamp: string;
}

/** Tokens and money of a run. */
export interface WireUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_input_tokens?: number;
  readonly reasoning_tokens?: number;
  readonly estimated?: boolean;
  readonly cost?: { readonly amount: number; readonly currency: string; readonly estimated?: boolean };
}
