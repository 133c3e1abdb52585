import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { FieldError } from './field-errors.ts';
import type { KubeObject } from './object.ts';
import type { Registry, ResourceInfo } from './registry.ts';
import type { Store } from './store.ts';
import type { AdmissionPlugin, AdmissionRequest, Api, User, WriteOptions } from './types.ts';

/** What the verbs work with. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  readonly store: Store;
  readonly plugins: readonly AdmissionPlugin[];
  /** The API for plugins; set when it is there. */
  readonly api: () => Api;
  readonly validate: (info: ResourceInfo, object: KubeObject, old: KubeObject | undefined, subresource: string | undefined) => FieldError[];
}

/** The server itself: may do everything. */
export const serverUser: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

const silent = (): void => {};

/** The request as admission sees it. */
export function admissionRequest(
  request: Pick<AdmissionRequest, 'operation' | 'resource' | 'object' | 'old'> & { readonly namespace: string; readonly name: string },
  options: WriteOptions,
): AdmissionRequest {
  return {
    ...request,
    subresource: options.subresource,
    user: options.user ?? serverUser,
    dryRun: options.dryRun ?? false,
    warn: options.warn ?? silent,
  };
}

/** Runs the plugins that edit. */
export function admitMutating(core: Core, request: AdmissionRequest): void {
  for (const plugin of core.plugins) plugin.mutate?.(request, core.api());
}

/** Runs the plugins that refuse. */
export function admitValidating(core: Core, request: AdmissionRequest): void {
  for (const plugin of core.plugins) plugin.validate?.(request, core.api());
}
