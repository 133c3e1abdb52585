import type { OutputStore, Principal, RunLimits, Runs, SessionStore } from '@kw/agent';
import type { ContextsResponse, StatusResponse, ToolsResponse } from '@kw/sdk-js';
import type { Language } from './language/language.ts';
import type { SessionBook } from './session-book.ts';
import type { TextStream } from './text-stream.ts';

/** Who is at the other end of the connection. */
export interface Peer {
  /** The address of the connection, not what a header says. */
  readonly address: string;
  readonly loopback: boolean;
  /** Whether the other end is a process of the same user, or of root; true where that cannot be known. Asked only where it matters. */
  sameUser(): Promise<boolean>;
}

/** What a request brings beside itself: given by whoever accepts the connections. */
export interface ApiBindings {
  readonly peer: Peer;
  /** Takes a stream's text, to be sent after the answer's head in place of its body. Absent: the body is a web stream, which costs more. */
  readonly takeStream?: (stream: TextStream) => void;
}

/** What a caller may do: look, ask and tidy up, answer approvals, stop everything. */
export type Scope = 'read' | 'chat' | 'approve' | 'admin';

/** Somebody who has shown who it is. */
export interface Caller {
  readonly principal: Principal;
  /** Absent: everything. */
  readonly scopes?: readonly Scope[];
}

/** The types of the API's Hono app. */
export interface ApiEnv {
  Bindings: ApiBindings;
  Variables: { principal: Principal; caller: Caller };
}

/** Where the server listens, as far as the doors judge it. */
export interface Listening {
  readonly loopback: boolean;
  readonly port: number;
}

/** Who may come in. */
export interface Auth {
  /** The bind; a function where it is known only later. */
  listening(): Listening;
  /** Verifies a bearer token, in a time that tells nothing of a secret one; absent: there are no tokens. What it throws (an issuer that does not answer) is 503. */
  readonly verify?: ((token: string) => Promise<Caller | Principal | undefined>) | undefined;
  /** Who a loopback peer of the same user is; absent: loopback needs a token, too. */
  readonly local?: Principal;
  /** Who everybody is without any authentication (`--auth=none`); may do all but `admin`. */
  readonly anyone?: Principal;
  /** Names beside localhost, 127.0.0.1 and [::1] under which the server is reached without a token. */
  readonly hosts?: readonly string[];
  /** Origins of other sites whose pages may use the API, such as `https://console.example`. */
  readonly corsOrigins?: readonly string[];
}

/** What the API tells of the program. */
export interface Facts {
  readonly version: string;
  readonly provider: string;
  readonly currentModel: string;
  readonly defaultProvider: string;
  /** Models of all providers. */
  models(): Promise<readonly string[]>;
  /** How the parts stand now; absent: they are there. */
  status?(): Promise<Pick<StatusResponse, 'agent' | 'tools' | 'mcp_client' | 'mcp_servers'>>;
  /** What the model may use. */
  tools?(): Promise<ToolsResponse['tools']>;
}

/** Where questions may act. */
export interface Places {
  contexts(): Promise<ContextsResponse['contexts']>;
  /** Namespaces of a context (absent: the current one), as this person may see them. Throws KwError `unknown-context`, `no-cluster` or that of the cluster. */
  namespaces(context: string | undefined, options: { readonly by: Principal; readonly signal: AbortSignal }): Promise<readonly string[]>;
}

/** A file of the web page. */
export interface PageFile {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** True where the name changes with the content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** Limits of the API. */
export interface ApiLimits {
  /** Bytes of a body. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Time for a body to arrive, in milliseconds. Default 30 s. */
  readonly bodyTimeoutMs?: number;
  /** Turns that run at once. Default 64. */
  readonly turnsAtOnce?: number;
  /** Turns of one person that run at once. Default: as many as of all. */
  readonly turnsPerPerson?: number;
  /** Streams and waits of runs that are read at once, beside those of the turns. Default 2,000. */
  readonly readersAtOnce?: number;
  /** Failed authentications of an address in a minute. Default 10. */
  readonly authFailuresPerMinute?: number;
  /** Time between heartbeats of a stream, in milliseconds. Default 15 s. */
  readonly heartbeatMs?: number;
  /** Bytes that wait for a slow reader of a stream. Default 256 KiB. */
  readonly maxQueueBytes?: number;
  /** Time that a full queue is borne before the reader is disconnected, in milliseconds. Default 10 s. */
  readonly stallMs?: number;
}

/** A request that was answered. */
export interface RequestRecord {
  readonly method: string;
  /** The pattern of the route, such as `/api/v1/runs/:id`; `other` where there is none. */
  readonly route: string;
  /** The path as it was asked for, without its query. */
  readonly path: string;
  readonly status: number;
  /** Until the answer's headers, in milliseconds. */
  readonly durationMs: number;
  /** Who asked, where that is known. */
  readonly principal?: Principal;
  /** The request's own `traceparent`, where it has one. */
  readonly traceparent?: string;
}

/** What is told of the API's work; nothing of it may throw. */
export interface ApiObserver {
  onRequest?(record: RequestRecord): void;
  /** A stream was opened (1) or ended (-1). */
  onStream?(change: 1 | -1): void;
  /** A question took a place (1) or gave it back (-1). */
  onTurn?(change: 1 | -1): void;
}

/** Whether everything is stopped, and why. */
export interface KillState {
  readonly active: boolean;
  readonly reason?: string;
}

/** Stops everything, and lets it go on. */
export interface KillSwitch {
  state(): Promise<KillState>;
  set(active: boolean, options: { readonly by: Principal; readonly reason?: string }): Promise<KillState>;
}

/** Judges whether somebody may act now. Both throw KwErrors, such as `stopped` or `budget-spent` (with `retryAfterSeconds` in its details). */
export interface Gate {
  /** Before a question; gives limits of its run that differ from the ordinary. */
  admit(by: Principal): Promise<{ readonly limits?: Partial<RunLimits> }>;
  /** Before an answer to an approval. */
  checkRunning(): Promise<void>;
}

/** Text for a scraper. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** What the API is made of. */
export interface ApiOptions {
  readonly runs: Runs;
  readonly sessions: SessionStore;
  readonly facts: Facts;
  readonly auth: Auth;
  /** Resolves where sessions can be written; what it rejects with makes `/readyz` 503. Absent: reading them is enough. */
  checkStore?(): Promise<void>;
  /** The sessions of a person; absent: sessions are not listed. */
  sessionsOf?(by: Principal): SessionBook;
  /** Kept outputs of tools; absent: they are not given. */
  readonly outputs?: OutputStore;
  readonly places?: Places;
  /** Absent: everybody who may ask is let in. */
  readonly gate?: Gate;
  /** Absent: there is no such route. */
  readonly killSwitch?: KillSwitch;
  /** Answers `/mcp`, behind the doors; absent: there is no such route. */
  mcp?(request: Request, by: Principal, options: { readonly mayApprove: boolean }): Promise<Response>;
  /** Files by path; `/` is the page. Loaded when it is first asked for. Absent: a plain page that shows how to ask. */
  page?(): Promise<ReadonlyMap<string, PageFile>>;
  readonly observer?: ApiObserver;
  /** What `/metrics` gives; absent: there is no such route. `open` (default true): without a token, too. */
  readonly metrics?: { exposition(): Promise<Exposition>; readonly open?: boolean };
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  readonly limits?: ApiLimits;
  /** Of failures, where a request's `Accept-Language` names none of ours. Default `en`. */
  readonly language?: Language;
  /** Says in a language why a call was judged or decided so. Absent: as it is logged. */
  reasonIn?(reason: string, language: Language): string;
  /** Aborted when the server begins to stop: new questions are refused, what runs may end. */
  readonly draining?: AbortSignal;
  /** Aborted when the server stops: streams and waits end; readers come back with their cursor, here or elsewhere. */
  readonly stopping?: AbortSignal;
}
