import { hasOpaque } from './opaque.ts';
import type { KubectlCommand } from './parse-kubectl.ts';

/**
 * Verbs whose name says what they do to the objects they name, so that a person can allow them for a kind and a namespace. Not among them: what
 * brings its own content or program along (apply, patch, set image, set env, exec, run, cp), and what gives rights.
 */
const grantable: ReadonlySet<string> = new Set([
  'scale',
  'autoscale',
  'label',
  'annotate',
  'delete',
  'set resources',
  'rollout restart',
  'rollout pause',
  'rollout resume',
  'rollout undo',
]);

/** Flags that say how much, never how far or how hard. */
const free: ReadonlySet<string> = new Set([
  'namespace',
  'replicas',
  'current-replicas',
  'resource-version',
  'min',
  'max',
  'cpu-percent',
  'limits',
  'requests',
  'containers',
  'to-revision',
  'timeout',
  'wait',
]);

const plainName = /^[a-z0-9](?:[-a-z0-9.:]{0,251}[a-z0-9])?$/i;

/** No kind but a word for many kinds. */
const category = 'all';

/**
 * What two commands must have in common, beside verb, kinds and namespace, to be allowed together: every flag but those that say how much, and the
 * labels and annotations with their values, which can be rights, programs and routes. To zero is another thing than to some. Undefined for commands that do not name each object in words of their own.
 */
export function grantFlags(command: KubectlCommand): readonly string[] | undefined {
  const { verb, uses, operands, files, kustomization, readsStdin, allNamespaces, dashAt, positionals } = command;
  if (!grantable.has(verb) || dashAt !== undefined) return undefined;
  if (files.length > 0 || kustomization !== undefined || readsStdin || allNamespaces) return undefined;
  if (positionals.some(hasOpaque) || uses.some((use) => hasOpaque(use.value ?? ''))) return undefined;
  if (operands.objects.length === 0 || !operands.objects.every(({ name }) => plainName.test(name))) return undefined;
  if (operands.kinds.includes(category)) return undefined;
  const pairs = verb === 'label' || verb === 'annotate' ? operands.rest : [];
  if (operands.rest.length > 0 && pairs.length === 0) return undefined;
  const told = uses.flatMap(({ spec, value }) =>
    free.has(spec.name) && !isToZero(spec.name, value) ? [] : [value === undefined ? `--${spec.name}` : `--${spec.name}=${value}`],
  );
  return [...new Set([...pairs, ...told])].sort();
}

/** `--replicas=0` stops what `--replicas=3` only makes smaller; `00` and what is no plain figure count as zero. */
function isToZero(name: string, value: string | undefined): boolean {
  return name === 'replicas' && !/^[1-9]\d*$/.test(value ?? '');
}
