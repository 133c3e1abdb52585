import type { Finding } from '../effects/judgement.ts';
import { guardingKinds, isPreciousKind } from './kinds.ts';
import { isOn, lastValue } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';
import { hasOpaque } from './opaque.ts';
import { readDocuments } from './read-yaml.ts';

const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

function danger(reason: string): Finding {
  return { effect: 'dangerous', reason };
}

/** The word that makes a change reach a collection instead of named objects. */
function collectionWord(command: KubectlCommand): string | undefined {
  const { uses, operands } = command;
  if (isOn(uses, 'all') === true && command.verb !== 'apply') return '--all';
  if (command.allNamespaces) return '--all-namespaces';
  const selector = ['selector', 'field-selector'].find((name) =>
    uses.some((use) => use.spec.name === name && use.spec.value === 'required'),
  );
  if (selector !== undefined && !isLabelOfNewObject(command)) return uses.findLast((use) => use.spec.name === selector)?.written;
  const isUnnamed =
    operands.kinds.length > 0 && operands.objects.length === 0 && command.files.length === 0 && command.kustomization === undefined;
  return isUnnamed && command.verb !== 'expose' ? `${operands.kinds.join(',')} without a name` : undefined;
}

function isLabelOfNewObject(command: KubectlCommand): boolean {
  return command.verb === 'expose' || command.verb.startsWith('create');
}

function judgeDelete(command: KubectlCommand): readonly Finding[] {
  const { uses, operands, files, kustomization } = command;
  const grace = lastValue(uses, 'grace-period');
  const found: Finding[] = [];
  if (isOn(uses, 'force') === true) found.push(danger('--force does not wait until the object is really gone'));
  if (grace === '0' || isOn(uses, 'now') === true)
    found.push(danger(`${grace === '0' ? '--grace-period=0' : '--now'} gives no time to stop`));
  if (lastValue(uses, 'cascade') === 'orphan' || lastValue(uses, 'cascade') === 'false')
    found.push(danger('--cascade=orphan leaves what belongs to it behind'));
  for (const kind of operands.kinds)
    if (isPreciousKind(kind))
      found.push(danger(`delete ${hasOpaque(kind) ? 'of a kind that is not known before' : kind} can take more with it`));
  if (operands.objects.some((object) => hasOpaque(object.name))) found.push(danger('delete of names that are not known before'));
  if (files.length > 0 || kustomization !== undefined)
    found.push(danger(`delete of all that stands in ${kustomization ?? files.join(',')}`));
  return found;
}

// Fields that reach out of a container or take away what protects an object.
const sharpFields: ReadonlySet<string> = new Set([
  'finalizers',
  'ownerReferences',
  'privileged',
  'allowPrivilegeEscalation',
  'hostPath',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostUsers',
  'serviceAccountName',
  'serviceAccount',
  'capabilities',
  'runAsUser',
  '$patch',
  'reclaimPolicy',
  'persistentVolumeReclaimPolicy',
]);

function sharpField(value: unknown, depth = 0): string | undefined {
  if (depth > 64) return 'too deep';
  if (Array.isArray(value)) return value.map((item) => sharpField(item, depth + 1)).find((found) => found !== undefined);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && value.startsWith('/') ? value.split('/').find((part) => sharpFields.has(part)) : undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (sharpFields.has(key)) return key;
    const found = sharpField(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function judgePatch(text: string | undefined): readonly Finding[] {
  if (text === undefined || text === '') return [];
  if (hasOpaque(text)) return [danger('the patch is not known before')];
  const documents = readDocuments(text);
  if (documents === undefined) return [danger('the patch could not be read')];
  const field = sharpField(documents);
  return field === undefined ? [] : [danger(`the patch touches ${field}`)];
}

/** Findings that make a change of the cluster more than an everyday one; void where it is only a dry run. */
export function judgeChange(command: KubectlCommand): readonly Finding[] {
  const { uses, verb, operands } = command;
  const on = (name: string): boolean => isOn(uses, name) === true;
  const found: Finding[] = [];
  const collection = collectionWord(command);
  if (collection !== undefined) found.push(danger(`${collection}: ${verb} reaches every object of a collection`));
  const guarding = operands.kinds.find((kind) => guardingKinds.has(kind));
  if (guarding !== undefined) found.push(danger(`${verb} of ${guarding} can give rights or switch off what guards the cluster`));
  if (systemNamespaces.has(command.namespace ?? ''))
    found.push(danger(`-n ${command.namespace ?? ''} holds what the cluster itself runs on`));
  const guard = operands.rest.find((word) => word.startsWith('pod-security.kubernetes.io/'));
  if (guard !== undefined && (verb === 'label' || verb === 'annotate')) found.push(danger(`${guard} changes what pods may do`));
  switch (verb) {
    case 'delete':
      return [...found, ...judgeDelete(command)];
    case 'apply':
      if (on('prune')) found.push(danger('--prune removes objects that are not in the files'));
      if (on('force')) found.push(danger('--force removes and makes objects anew'));
      if (on('force-conflicts')) found.push(danger('--force-conflicts takes fields from other owners'));
      return found;
    case 'patch':
      return [...found, ...judgePatch(lastValue(uses, 'patch'))];
    case 'run':
      if (on('privileged')) found.push(danger('--privileged gives the container the node'));
      return [...found, ...judgePatch(lastValue(uses, 'overrides'))];
    case 'expose':
      if (lastValue(uses, 'external-ip') !== undefined) found.push(danger('--external-ip takes over an address'));
      return [...found, ...judgePatch(lastValue(uses, 'overrides'))];
    default:
      return found;
  }
}
