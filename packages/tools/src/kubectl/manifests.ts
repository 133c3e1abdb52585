import type { Finding } from '../effects/judgement.ts';
import { guardingKinds, toKind } from './kinds.ts';
import type { ObjectName } from './operands.ts';
import { readDocuments } from './read-yaml.ts';

/** What a text of manifests holds. */
export interface Manifests {
  readonly objects: readonly ObjectName[];
  readonly namespaces: readonly string[];
  readonly findings: readonly Finding[];
}

const maxDepth = 64;

// Fields with which a pod reaches its node.
const reaching: ReadonlySet<string> = new Set(['privileged', 'hostPath', 'hostNetwork', 'hostPID', 'hostIPC', 'hostUsers']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reachingField(value: unknown, depth = 0): string | undefined {
  if (depth > maxDepth) return 'more than can be read';
  if (Array.isArray(value)) return value.map((item) => reachingField(item, depth + 1)).find((found) => found !== undefined);
  if (!isRecord(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (reaching.has(key) && inner !== false && inner !== null) return key;
    const found = reachingField(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function kindOf(object: Readonly<Record<string, unknown>>): string {
  const kind = (text(object['kind']) ?? '').toLowerCase();
  const [group = ''] = (text(object['apiVersion']) ?? '').includes('/') ? (text(object['apiVersion']) ?? '').split('/') : [''];
  const plain = toKind(kind);
  return group === '' || plain !== kind ? plain : `${kind}.${group}`;
}

function read(value: unknown, depth = 0): Manifests {
  if (!isRecord(value)) return { objects: [], namespaces: [], findings: [] };
  const items = value['items'];
  if (Array.isArray(items) && depth < 4) return join(items.map((item) => read(item, depth + 1)));
  const kind = kindOf(value);
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const namespace = text(metadata['namespace']);
  const field = reachingField(value);
  const findings: Finding[] = [];
  if (guardingKinds.has(kind))
    findings.push({
      effect: 'dangerous',
      reason: `the manifest holds ${kind}, which can give rights or switch off what guards the cluster`,
    });
  if (field !== undefined) findings.push({ effect: 'dangerous', reason: `the manifest holds ${field}` });
  return {
    objects: [{ kind, name: text(metadata['name']) ?? text(metadata['generateName']) ?? '' }],
    namespaces: namespace === undefined ? [] : [namespace],
    findings,
  };
}

function join(all: readonly Manifests[]): Manifests {
  return {
    objects: all.flatMap((each) => each.objects),
    namespaces: [...new Set(all.flatMap((each) => each.namespaces))],
    findings: all.flatMap((each) => each.findings),
  };
}

/** Reads manifests (YAML or JSON) for what they hold that is more than an everyday change. */
export function readManifests(source: string): Manifests {
  const documents = readDocuments(source);
  if (documents === undefined)
    return {
      objects: [],
      namespaces: [],
      findings: [{ effect: 'dangerous', reason: 'the manifest could not be read, or is too long to be read' }],
    };
  return join(documents.map((document) => read(document)));
}
