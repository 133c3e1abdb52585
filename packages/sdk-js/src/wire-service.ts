import type { ChatStatus, WireApproval, WireCursor, WireError, WireGrantOffer, WireTarget, WireUsage } from './wire.ts';

/** Answer of `GET /api/v1/status`. */
export interface StatusResponse {
  readonly status: 'running' | 'draining';
  readonly timestamp: string;
  /** Go-style duration, such as `2h30m15s`. */
  readonly uptime: string;
  /** `ready`, or why it is not, such as `api-key-not-found`. */
  readonly agent: string;
  readonly tools: 'available' | 'unavailable';
  readonly mcp_client: 'enabled' | 'disabled';
  readonly version: string;
  readonly provider: string;
  readonly model: string;
  /** Each configured MCP server, where the client is enabled. */
  readonly mcp_servers?: readonly { readonly name: string; readonly state: string; readonly tools: number; readonly error?: string }[];
  readonly runs?: { readonly active: number; readonly queued: number };
  /** Who asks, and what that person or program may do (`read`, `chat`, `approve`, `admin`); without `scopes` everything. */
  readonly user?: { readonly name: string; readonly scopes?: readonly string[] };
}

/** How a session stands. */
export type SessionStatus = 'idle' | 'running' | 'awaiting_approval';

/** One session in a list. */
export interface WireSession {
  readonly id: string;
  readonly title: string;
  readonly status: SessionStatus;
  readonly created_at: string;
  readonly updated_at: string;
  /** What the caller is to it. */
  readonly role: 'owner' | 'approver' | 'viewer';
  /** The name of whoever owns it. */
  readonly owner?: string;
  /** The run that has not ended. */
  readonly open_run?: string;
  readonly viewers?: readonly string[];
  readonly approvers?: readonly string[];
}

/** Answer of `GET /api/v1/sessions?limit=&search=`: the latest first. */
export interface SessionsResponse {
  readonly sessions: readonly WireSession[];
  readonly timestamp: string;
}

/** One question of a session and what became of it. */
export interface WireExchange {
  readonly run_id: string;
  readonly query: string;
  readonly status: ChatStatus;
  readonly response: string;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly tools: readonly {
    readonly call_id: string;
    readonly tool: string;
    readonly command: string;
    readonly effect?: string;
    readonly outcome: string;
    readonly is_error: boolean;
    readonly duration_ms: number;
    readonly exit_code?: number;
    readonly output?: string;
    /** How a person answered the question about it. */
    readonly answer?: { readonly decision: string; readonly by?: string };
    /** The grant by which it ran unasked; one of the session's `grants`. */
    readonly grant_id?: string;
  }[];
  /** Texts and calls in the order in which they came. */
  readonly steps: readonly ({ readonly type: 'text'; readonly text: string } | { readonly type: 'tool'; readonly call_id: string })[];
  readonly usage?: WireUsage;
  /** Where and as whom it acted. */
  readonly target?: WireTarget;
  /** Why it failed, or was stopped. */
  readonly error?: WireError;
}

/** Answer of `GET /api/v1/sessions/{id}`. */
export interface SessionResponse extends WireSession {
  readonly exchanges: readonly WireExchange[];
  /** Where `GET /api/v1/sessions/{id}/events` goes on. */
  readonly cursor: WireCursor;
  /** Before the first event of the run that has not ended. */
  readonly open_cursor?: WireCursor;
  readonly approval?: WireApproval;
  /** What was granted in it, also what was taken back since. */
  readonly grants?: readonly (WireGrantOffer & { readonly id: string })[];
}

/** Body of `PATCH /api/v1/sessions/{id}`; only the owner may. */
export interface SessionPatchBody {
  readonly title?: string;
  /** Who may read it: a user's name, or `issuer#name` for somebody of another issuer. The list takes the place of the earlier one. */
  readonly viewers?: readonly string[];
  /** Who may also answer its approvals. */
  readonly approvers?: readonly string[];
}

/** Answer of `GET /api/v1/tools`. */
export interface ToolsResponse {
  readonly tools: readonly { readonly name: string; readonly description: string; readonly source: string }[];
  readonly timestamp: string;
}

/** Answer of `GET /api/v1/contexts`: kube contexts of the server's configuration. */
export interface ContextsResponse {
  readonly contexts: readonly { readonly name: string; readonly current: boolean; readonly namespace?: string }[];
  readonly timestamp: string;
}

/** Answer of `GET /api/v1/namespaces?cluster=`. */
export interface NamespacesResponse {
  readonly namespaces: readonly string[];
  readonly timestamp: string;
}

/** Answer of `GET /api/v1/sessions/{id}/outputs/{output}?from=&lines=`: kept text of a tool, redacted. */
export interface OutputResponse {
  readonly text: string;
  readonly from: number;
  readonly lines: number;
  /** Lines in all. */
  readonly total: number;
}
