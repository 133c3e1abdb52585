import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Json, JsonMap } from '../../src/json.ts';
import { isMap } from '../../src/json.ts';
import { normalize } from './normalize.ts';

/** A request, mostly one that a server refuses. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly type?: string;
}

/** What a server answered to it. */
export interface PlainAnswer {
  readonly status: number;
  readonly warning: string;
  readonly body: string;
}

/** A request with the answer of a real API server. */
export interface AnsweredRequest extends PlainRequest {
  readonly answer: PlainAnswer;
}

/** Where the answered requests are kept. */
export const answeredFile: string = join(import.meta.dirname, 'answered.json.br');

/** Unpacks the answered requests; they build upon each other in this order. */
export function loadAnswered(): readonly AnsweredRequest[] {
  return JSON.parse(brotliDecompressSync(readFileSync(answeredFile)).toString());
}

/** What must be there before the requests: they are about the namespace `diff`. */
export const preparations: readonly PlainRequest[] = [
  { method: 'POST', path: '/api/v1/namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'diff' } } },
  {
    method: 'POST',
    path: '/apis/storage.k8s.io/v1/storageclasses',
    body: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'rancher.io/local-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  },
];

const byController = (entry: Json): boolean => isMap(entry) && entry.manager === 'kube-controller-manager';

/** The value without what controllers wrote to it in the meantime. */
function withoutControllers(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => !byController(item)).map(withoutControllers);
  if (!isMap(value)) return value;
  const result: JsonMap = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || key === 'deployment.kubernetes.io/revision' || (key === 'status' && value.kind === 'Deployment')) continue;
    const kept = withoutControllers(item);
    if (key === 'annotations' && isMap(kept) && Object.keys(kept).length === 0) continue;
    // The entries have no order of their own.
    result[key] =
      key === 'managedFields' && Array.isArray(kept) ? kept.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : kept;
  }
  return result;
}

/** An answer as it is compared. */
export function comparable({ status, warning, body }: PlainAnswer): string {
  const lines = body.split('\n').map((line) => {
    try {
      return JSON.stringify(withoutControllers(JSON.parse(line)));
    } catch {
      return line;
    }
  });
  const text = normalize(`${status} ${warning}\n${lines.join('\n')}`);
  return text.replaceAll(/(resourceVersion\\+":\\+")\d+/g, '$1<version>').replaceAll(/rg-?kube-api-access-<pod>/g, '<token>');
}
