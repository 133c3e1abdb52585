import type { Subject } from '../effects/judgement.ts';
import { grantFlags } from './grant-flags.ts';
import { readManifests } from './manifests.ts';
import type { Manifests } from './manifests.ts';
import { hasOpaque, showOpaque } from './opaque.ts';
import { lastValue } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';
import { placeOfFile } from './places.ts';
import { namedByPath } from './raw-path.ts';

// Kinds whose change is felt in every namespace.
const clusterWide: ReadonlySet<string> = new Set([
  'nodes', 'namespaces', 'persistentvolumes', 'storageclasses', 'priorityclasses', 'ingressclasses', 'runtimeclasses', 'customresourcedefinitions', 'apiservices',
  'clusterroles', 'clusterrolebindings', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicies',
  'validatingadmissionpolicybindings', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'csidrivers', 'csinodes', 'volumeattachments',
  'flowschemas', 'prioritylevelconfigurations', 'certificatesigningrequests', 'clustertrustbundles', 'servicecidrs',
]); // prettier-ignore

/** The manifests that a command reads from stdin, where they are known. */
export function manifestsOf(command: KubectlCommand, input: string | undefined): Manifests | undefined {
  const isGiven = input !== undefined && command.files.some((file) => placeOfFile(file) === 'stdin');
  return isGiven ? readManifests(input) : undefined;
}

/** True where objects are named by something that is not seen here: a file, a folder, stdin. */
function namesUnseen(command: KubectlCommand, manifests: Manifests | undefined): boolean {
  const { files, kustomization } = command;
  if (kustomization !== undefined || files.some((file) => file !== '' && placeOfFile(file) !== 'stdin')) return true;
  return files.some((file) => placeOfFile(file) === 'stdin') && (manifests === undefined || manifests.objects.length === 0);
}

/** Flags by which a change brings the content of files. */
const bringing: ReadonlySet<string> = new Set(['from-file', 'from-env-file', 'patch-file']);
/** The same, and what other objects hold then, of single verbs. */
const bringingOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['create secret tls', ['cert', 'key']],
  ['create job', ['from']],
  ['set env', ['from']],
]);

/** True where a change takes what it brings from files, addresses or other objects. */
function bringsUnseen({ verb, rule, uses, dryRun }: KubectlCommand, isUnseen: boolean): boolean {
  if (rule.effect === 'read' || dryRun !== 'none') return false;
  const brings = uses.some(({ spec }) => bringing.has(spec.name) || bringingOf.get(verb)?.includes(spec.name) === true);
  return isUnseen || verb === 'cp' || brings;
}

/** Flags by which what is touched is chosen when the command runs. */
const choosing: ReadonlySet<string> = new Set(['selector', 'field-selector', 'all', 'all-namespaces', 'prune', 'prune-allowlist']);

/** True where a change does not name what it touches: labels choose it, or it is whatever there is of a kind (`rollout restart deployment`). */
function choosesLater({ rule, uses, operands, files, kustomization, dryRun }: KubectlCommand): boolean {
  if (rule.effect === 'read' || dryRun !== 'none') return false;
  if (uses.some(({ spec, value }) => choosing.has(spec.name) && value !== 'false')) return true;
  const namesObjects = rule.operands === 'resources' || rule.operands === 'pairs';
  return namesObjects && operands.kinds.length > 0 && operands.objects.length === 0 && files.length === 0 && kustomization === undefined;
}

/** What is not known before may be any: a rule that forbids one forbids it, a rule that allows one does not allow it. */
function known(word: string): string {
  return hasOpaque(word) ? '*' : word;
}

/** What the command is about, for rules and prompts. `*` is what it may be about beside that, or all. */
export function subjectOf(
  command: KubectlCommand,
  { input, movedBy }: { readonly input?: string | undefined; readonly movedBy: readonly string[] },
): Subject {
  const { verb, context, uses, rule } = command;
  const manifests = manifestsOf(command, input);
  const raw = lastValue(uses, 'raw');
  const path = raw === undefined || raw === '' ? undefined : namedByPath(raw);
  const isUnseen = namesUnseen(command, manifests);
  const objects = [...command.operands.objects, ...(manifests?.objects ?? [])];
  const kinds = [
    ...new Set(
      [...command.operands.kinds, ...objects.map((object) => object.kind), ...(path?.kinds ?? []), ...(isUnseen ? ['*'] : [])].map(known),
    ),
  ];
  const [only, ...more] = manifests?.namespaces ?? [];
  const isEverywhere = command.allNamespaces || more.length > 0 || (rule.effect !== 'read' && kinds.some((kind) => clusterWide.has(kind)));
  const named = command.namespace === '' ? undefined : command.namespace;
  const namespace = isEverywhere ? '*' : (path?.namespace ?? named ?? only ?? (isUnseen ? '*' : undefined));
  const names = [...new Set(objects.map((object) => showOpaque(object.name)))];
  const where = movedBy.some((flag) => flag !== '--context') ? '*' : context;
  const flags = grantFlags(command);
  return {
    verb: verb === '' ? 'help' : verb,
    ...(kinds.length > 0 && { kinds }),
    ...(names.length > 0 && { names }),
    ...(namespace !== undefined && { namespace: known(namespace) }),
    ...(where !== undefined && { context: known(where) }),
    ...(flags !== undefined && { grantFlags: flags }),
    ...((bringsUnseen(command, isUnseen) || choosesLater(command)) && { unseen: true }),
  };
}
