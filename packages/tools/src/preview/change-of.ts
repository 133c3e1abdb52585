import type { FieldChange, JsonValue, ObjectChange } from '@kw/agent';
import { diffFields } from './field-diff.ts';
import type { KubeObject } from './kube-object.ts';
import { meaningful } from './meaningful.ts';

/** The change from a live object (absent: it is new) to what the server would store. */
export function changeOf(before: KubeObject | undefined, after: KubeObject): ObjectChange {
  const fields = diffFields(before === undefined ? {} : meaningful(before.content), meaningful(after.content)).filter(
    ({ path }) => !(before === undefined && (path === 'apiVersion' || path === 'kind')),
  );
  const action = before === undefined ? 'create' : fields.length === 0 ? 'unchanged' : 'update';
  return { action, ...nameOf(after), fields: after.kind === 'Secret' ? fields.map(hideSecret) : fields };
}

/** The end of a live object. */
export function deletionOf(object: KubeObject): ObjectChange {
  return { action: 'delete', ...nameOf(object), fields: [] };
}

function nameOf({ kind, apiVersion, namespace, name }: KubeObject): Omit<ObjectChange, 'action' | 'fields'> {
  return { kind, apiVersion, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The values of a Secret are told by their length only. */
function hideSecret(change: FieldChange): FieldChange {
  if (!/^(?:data|stringData)(?:\.|$)/.test(change.path)) return change;
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: hidden(change.before) }),
    ...(change.after === undefined ? {} : { after: hidden(change.after) }),
  };
}

function hidden(value: JsonValue): JsonValue {
  if (typeof value === 'string') return `(hidden, ${value.length} characters)`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item)]));
  return '(hidden)';
}
