import type { KubeObject, ObjectList } from './object.ts';
import type { ApiResource, ApiResources, GroupVersionResource } from './resource.ts';
import type { WatchEvent, WatchOptions } from './watch.ts';
import type { ListOptions } from './list.ts';

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Until the headers of the answer. Default 30,000. */
  readonly headerTimeoutMs?: number | undefined;
  /** Between two pieces of the body. Default 30,000; streams choose their own. */
  readonly idleTimeoutMs?: number | undefined;
  /** A larger answer is refused while it is read. Default 64 MiB; streams have no limit. */
  readonly maxBodyBytes?: number | undefined;
}

/** A value of a query; undefined leaves the parameter out. */
export type QueryValue = string | number | boolean | undefined;

/** A request by path, for what has no method of its own. */
export interface KubeRequest extends CallOptions {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | undefined;
  /** Below the server's URL, beginning with `/`; every segment percent-encoded, as `apiPath` makes it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
  /** Default `application/json`. */
  readonly accept?: string | undefined;
}

/** An answer with status 200 to 299. */
export interface KubeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the server warned of (HTTP Warning 299). */
  readonly warnings: readonly string[];
}

/** An answer with its body, whole. */
export interface KubeText extends KubeAnswer {
  readonly text: string;
}

/** An answer whose body is still to come. Leaving the iteration closes the connection. */
export interface KubeStream extends KubeAnswer {
  readonly body: AsyncIterable<Uint8Array>;
}

/** One object of the cluster. */
export interface ObjectReference {
  readonly resource: GroupVersionResource;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string | undefined;
  readonly name: string;
  /** Such as `scale`, `status`, `log`. */
  readonly subresource?: string | undefined;
}

/** Whether a change is only tried by the server (admission, defaults, validation) or made. There is no default: nothing is written by forgetting. */
export interface ChangeOptions extends CallOptions {
  readonly dryRun: 'server' | 'none';
  /** Who the fields belong to. Required by `apply`. */
  readonly fieldManager?: string | undefined;
  /** How unknown fields are taken. Default: the server's, `Warn`. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
}

/** Options of `apply`. */
export interface ApplyOptions extends ChangeOptions {
  readonly fieldManager: string;
  /** Takes over fields that belong to others. Default false. */
  readonly force?: boolean | undefined;
}

/** A patch in one of the three kinds that the API takes beside apply. */
export type ObjectPatch =
  | { readonly type: 'merge' | 'strategic'; readonly body: object }
  | { readonly type: 'json'; readonly body: readonly object[] };

/** Options of `delete`. */
export interface DeleteOptions extends ChangeOptions {
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
}

/** The object as the server holds it after a change, or would. */
export interface ChangeResult {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** The server's answer at /version. */
export interface ServerVersion {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
  readonly platform?: string;
}

/** A Kubernetes API server. Every failure is a KubeError with the Status message; an abort is the signal's reason. */
export interface KubeClient {
  readonly server: string;
  /** A request whose answer is read whole, as text. */
  request(request: KubeRequest): Promise<KubeText>;
  /** A request whose answer is JSON. */
  json(request: KubeRequest): Promise<unknown>;
  /** A request whose answer is read as it comes: logs, watches. */
  stream(request: KubeRequest): Promise<KubeStream>;

  get(reference: ObjectReference, options?: CallOptions): Promise<KubeObject>;
  /** The objects of a resource, page by page; on an expired page it goes on without gap or double. */
  list(resource: GroupVersionResource, options?: ListOptions): AsyncGenerator<KubeObject, void, undefined>;
  /** The same with each page's resourceVersion, to watch from. */
  pages(resource: GroupVersionResource, options?: ListOptions): AsyncGenerator<ObjectList, void, undefined>;
  /** Changes from a resourceVersion on; reconnects by itself, and ends after an `expired` event, which means: list again. */
  watch(resource: GroupVersionResource, options?: WatchOptions): AsyncGenerator<WatchEvent, void, undefined>;

  create(resource: GroupVersionResource, object: KubeObject, options: ChangeOptions): Promise<ChangeResult>;
  /** Replaces the whole object. */
  update(resource: GroupVersionResource, object: KubeObject, options: ChangeOptions): Promise<ChangeResult>;
  patch(reference: ObjectReference, patch: ObjectPatch, options: ChangeOptions): Promise<ChangeResult>;
  /** Server-side apply. */
  apply(resource: GroupVersionResource, object: KubeObject, options: ApplyOptions): Promise<ChangeResult>;
  /** The object is the deleted one, or a Status. */
  delete(reference: ObjectReference, options: DeleteOptions): Promise<ChangeResult>;

  serverVersion(options?: CallOptions): Promise<ServerVersion>;
  /** Everything the server serves; kept for 10 minutes. */
  resources(options?: CallOptions & { readonly refresh?: boolean }): Promise<ApiResources>;
  /** The resource that a name means: `pods`, `po`, `Pod`, `deployments.apps`, `deployments.v1.apps`. Throws `unknown-resource`. */
  resolveResource(name: string, options?: CallOptions): Promise<ApiResource>;
  /** Ends what is under way and closes the connections; may be called twice. */
  close(): Promise<void>;
}
