import type { Clock } from '../clock.ts';
import type { Json, JsonMap } from '../json.ts';
import type { Random } from '../random.ts';
import type { KubeObject } from './object.ts';
import type { Registry, ResourceInfo } from './registry.ts';

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a write may say besides the object. */
export interface WriteOptions {
  /** The name under which managedFields remember the fields set here. */
  readonly fieldManager?: string;
  /** Who asks; the API server itself where it is left out, which may do everything. */
  readonly user?: User;
  /** Goes through everything but keeps nothing. */
  readonly dryRun?: boolean;
  /** `status`, `scale`, ...: writes only that part. */
  readonly subresource?: string;
  /** What becomes of unknown and duplicate fields; `Ignore` in process, `Warn` over HTTP. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** Takes the texts that HTTP sends as `Warning: 299`. */
  readonly warn?: (text: string) => void;
}

/** How to delete. */
export interface DeleteOptions extends WriteOptions {
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Which objects. */
export interface Selection {
  readonly namespace?: string;
  /** In the syntax of `kubectl -l`. */
  readonly labelSelector?: string;
  /** In the syntax of `kubectl --field-selector`. */
  readonly fieldSelector?: string;
}

/** A patch of one of the four kinds. */
export interface Patch {
  readonly type: 'json' | 'merge' | 'strategic' | 'apply';
  readonly body: Json;
  /** Takes fields from other managers; `apply` only. */
  readonly force?: boolean;
}

/** One change of the store, told in the order of resourceVersions. */
export interface Change {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
  /** What stood there before; undefined for `added`. */
  readonly previous: KubeObject | undefined;
  readonly resourceVersion: number;
}

/**
 * The API server without HTTP: what the HTTP layer and the controllers both call. Everything is synchronous and atomic.
 * A resource is named `pods` or `deployments.apps`. Failures are thrown as `ApiError`, with the texts of the real server.
 * Objects that come back are shared with the store: clone before editing.
 */
export interface Api {
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  /** The version of the last change. */
  resourceVersion(): number;
  /** The object, undefined where there is none. */
  find(resource: string, name: string, namespace?: string): KubeObject | undefined;
  /** The objects in the order of namespace and name. */
  list(resource: string, selection?: Selection): KubeObject[];
  create(resource: string, object: JsonMap, options?: WriteOptions): KubeObject;
  /** Replaces the object; with a resourceVersion in it, only if nobody else was faster. */
  update(resource: string, object: JsonMap, options?: WriteOptions): KubeObject;
  patch(resource: string, name: string, namespace: string | undefined, patch: Patch, options?: WriteOptions): KubeObject;
  /** Marks for deletion or deletes; the last state of the object. */
  delete(resource: string, name: string, namespace?: string, options?: DeleteOptions): KubeObject;
  /** Hears every change from now on, in order, after it is stored; a listener may write. The answer ends it. */
  watch(listener: (change: Change) => void): () => void;
}

/** What admission looks at. */
export interface AdmissionRequest {
  readonly operation: 'create' | 'update' | 'delete';
  readonly resource: ResourceInfo;
  readonly subresource: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly user: User;
  readonly dryRun: boolean;
  /** The object to be; `mutate` may edit it. The live one for `delete`. */
  readonly object: KubeObject;
  /** What stands in the store; undefined for `create`. */
  readonly old: KubeObject | undefined;
  readonly warn: (text: string) => void;
}

/** A part of admission: it edits (before validation) or refuses by throwing an `ApiError` (after validation). */
export interface AdmissionPlugin {
  readonly name: string;
  readonly mutate?: (request: AdmissionRequest, api: Api) => void;
  readonly validate?: (request: AdmissionRequest, api: Api) => void;
}

/** One line of a container's log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
}

/** What the API server asks the kubelets: logs and usage. */
export interface Kubelet {
  /** The log so far, undefined where the container has none (it never started). */
  logs(pod: KubeObject, container: string, options: { readonly previous: boolean }): readonly LogLine[] | undefined;
  /** Hears each new line; the answer ends it. */
  follow(pod: KubeObject, container: string, listener: (line: LogLine) => void): () => void;
  /** What a container uses now, undefined where it does not run. */
  usage(pod: KubeObject, container: string): { readonly cpuNanocores: number; readonly memoryBytes: number } | undefined;
}
