import { KubeError } from '../errors.ts';
import { quote } from '../text.ts';

/** A resource by its address. The core group is the empty string. */
export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  /** Plural, such as `pods`. */
  readonly resource: string;
}

/** A resource as the server describes it. */
export interface ApiResource extends GroupVersionResource {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Such as `status`, `scale`, `log`. */
  readonly subresources: readonly string[];
}

/** Everything a server serves, in its order: core first, each group's preferred version first. */
export interface ApiResources {
  readonly resources: readonly ApiResource[];
  /** Groups that did not answer, such as an aggregated API whose server is down. */
  readonly failures: readonly { readonly groupVersion: string; readonly message: string }[];
}

/** `v1` or `apps/v1`. */
export function toApiVersion({ group, version }: GroupVersionResource): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The path of a resource, an object or a subresource; every part is encoded. Throws `bad-call` for a part that is no single path segment. */
export function apiPath(
  { group, version, resource }: GroupVersionResource,
  to: { readonly namespace?: string | undefined; readonly name?: string | undefined; readonly subresource?: string | undefined } = {},
): string {
  const { namespace, name, subresource } = to;
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const parts = [...root, ...(namespace === undefined ? [] : ['namespaces', namespace]), resource, ...(name === undefined ? [] : [name])];
  const below = subresource === undefined ? [] : subresource.split('/');
  return `/${[...parts, ...below].map(toSegment).join('/')}`;
}

function toSegment(part: string): string {
  // The API server's own rule for names in paths: not ".", "..", no "/" and no "%".
  if (part === '' || part === '.' || part === '..' || /[/%]/.test(part)) {
    throw new KubeError('bad-call', `${quote(part)} can't be part of an API path: it is empty, "." or "..", or holds "/" or "%".`);
  }
  return encodeURIComponent(part);
}

/** Finds what a name means among the served resources, as kubectl does: plural, singular or kind, then short name, with an optional `.group` or `.version.group`. */
export function findResource(resources: readonly ApiResource[], name: string): ApiResource | undefined {
  const wanted = name.trim().toLowerCase();
  const [head = '', ...rest] = wanted.split('.');
  if (rest.length === 0) return pick(resources, head);
  const suffix = rest.join('.');
  const [version = '', ...groupParts] = rest;
  return (
    pick(
      resources.filter(({ group, version: served }) => served === version && group === groupParts.join('.')),
      head,
    ) ??
    pick(
      resources.filter(({ group }) => group === suffix || group.startsWith(`${suffix}.`)),
      head,
    )
  );
}

function pick(resources: readonly ApiResource[], name: string): ApiResource | undefined {
  return (
    resources.find(({ resource }) => resource === name) ??
    resources.find(({ singular, kind }) => singular === name || kind.toLowerCase() === name) ??
    resources.find(({ shortNames }) => shortNames.includes(name))
  );
}
