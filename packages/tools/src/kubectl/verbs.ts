import type { Effect } from '@kw/agent';

/** How a verb reads the words that are not flags; `creates` names the kind of the object that its first word names. */
export type OperandShape = 'resources' | 'pairs' | 'pod' | 'pods' | 'nodes' | 'files' | 'none' | { readonly creates: string };

/** What is known about one verb or sub-verb before its flags are looked at. */
export interface VerbRule {
  readonly effect: Effect;
  readonly operands: OperandShape;
  /** What it does, after the verb: "delete" + " removes objects". */
  readonly does: string;
}

function reads(does: string, operands: OperandShape = 'resources'): VerbRule {
  return { effect: 'read', operands, does };
}

function writes(does: string, operands: OperandShape = 'resources'): VerbRule {
  return { effect: 'write', operands, does };
}

function endangers(does: string, operands: OperandShape = 'resources'): VerbRule {
  return { effect: 'dangerous', operands, does };
}

function creates(kind: string): VerbRule {
  return writes(`makes an object of ${kind}`, { creates: kind });
}

function grants(kind: string): VerbRule {
  return endangers(`makes an object of ${kind}, which gives rights`, { creates: kind });
}

/** Every verb with its sub-verbs. A command of kubectl that is not listed here is unknown. */
export const verbs: ReadonlyMap<string, VerbRule> = new Map([
  ['get', reads('reads objects')],
  ['describe', reads('reads objects')],
  ['explain', reads('reads documentation', 'none')],
  ['logs', reads('reads logs', 'pod')],
  ['events', reads('reads events', 'none')],
  ['top node', reads('reads metrics', 'nodes')],
  ['top pod', reads('reads metrics', 'pods')],
  ['version', reads('reads versions', 'none')],
  ['cluster-info', reads('reads addresses', 'none')],
  ['cluster-info dump', reads('reads the state of the cluster', 'none')],
  ['api-resources', reads('reads what the server offers', 'none')],
  ['api-versions', reads('reads what the server offers', 'none')],
  ['wait', reads('waits for a condition')],
  ['diff', reads('compares with what is live', 'none')],
  ['kustomize', reads('renders manifests', 'files')],
  ['completion', reads('prints a script', 'none')],
  ['help', reads('prints help', 'none')],
  ['options', reads('prints help', 'none')],
  ['plugin list', reads('lists plugins', 'none')],
  ['auth can-i', reads('asks about rights', 'none')],
  ['auth whoami', reads('asks who it is', 'none')],
  ['auth reconcile', endangers('gives rights', 'none')],
  ['rollout history', reads('reads revisions')],
  ['rollout status', reads('follows a rollout')],
  ['rollout pause', writes('pauses a rollout')],
  ['rollout resume', writes('resumes a rollout')],
  ['rollout restart', writes('restarts pods')],
  ['rollout undo', writes('goes back to an earlier revision')],
  ['config view', reads('reads the kubeconfig', 'none')],
  ['config current-context', reads('reads the kubeconfig', 'none')],
  ['config get-clusters', reads('reads the kubeconfig', 'none')],
  ['config get-contexts', reads('reads the kubeconfig', 'none')],
  ['config get-users', reads('reads the kubeconfig', 'none')],
  ['config delete-cluster', writes('changes the kubeconfig', 'none')],
  ['config delete-context', writes('changes the kubeconfig', 'none')],
  ['config delete-user', writes('changes the kubeconfig', 'none')],
  ['config rename-context', writes('changes the kubeconfig', 'none')],
  ['config set', writes('changes the kubeconfig', 'none')],
  ['config set-cluster', writes('changes the kubeconfig', 'none')],
  ['config set-context', writes('changes the kubeconfig', 'none')],
  ['config set-credentials', writes('changes the kubeconfig and may name a program to run', 'none')],
  ['config unset', writes('changes the kubeconfig', 'none')],
  ['config use-context', writes('changes the kubeconfig', 'none')],
  ['kuberc view', reads('reads preferences', 'none')],
  ['kuberc set', endangers('can give other meanings to commands', 'none')],
  ['create', writes('makes objects', 'none')],
  ['create clusterrole', grants('clusterroles')],
  ['create clusterrolebinding', grants('clusterrolebindings')],
  ['create role', grants('roles')],
  ['create rolebinding', grants('rolebindings')],
  ['create configmap', creates('configmaps')],
  ['create cronjob', creates('cronjobs')],
  ['create deployment', creates('deployments')],
  ['create ingress', creates('ingresses')],
  ['create job', creates('jobs')],
  ['create namespace', creates('namespaces')],
  ['create poddisruptionbudget', creates('poddisruptionbudgets')],
  ['create priorityclass', creates('priorityclasses')],
  ['create quota', creates('resourcequotas')],
  ['create secret docker-registry', creates('secrets')],
  ['create secret generic', creates('secrets')],
  ['create secret tls', creates('secrets')],
  ['create service clusterip', creates('services')],
  ['create service externalname', creates('services')],
  ['create service loadbalancer', creates('services')],
  ['create service nodeport', creates('services')],
  ['create serviceaccount', creates('serviceaccounts')],
  ['create token', writes('makes a credential', { creates: 'serviceaccounts' })],
  ['expose', writes('makes a service')],
  ['run', writes('starts a pod', { creates: 'pods' })],
  ['set env', writes('changes objects', 'pairs')],
  ['set image', writes('changes objects', 'pairs')],
  ['set resources', writes('changes objects')],
  ['set selector', writes('changes objects', 'pairs')],
  ['set serviceaccount', writes('changes objects')],
  ['set subject', endangers('gives rights')],
  ['edit', writes('changes objects in an editor')],
  ['delete', writes('removes objects')],
  ['scale', writes('changes the number of replicas')],
  ['autoscale', writes('makes an autoscaler')],
  ['certificate approve', endangers('gives out a certificate', { creates: 'certificatesigningrequests' })],
  ['certificate deny', writes('refuses a certificate', { creates: 'certificatesigningrequests' })],
  ['cordon', writes('keeps pods off a node', 'nodes')],
  ['uncordon', writes('lets pods on a node', 'nodes')],
  ['drain', endangers('evicts every pod of a node', 'nodes')],
  ['taint', writes('changes nodes', 'pairs')],
  ['attach', writes('takes hold of a running process', 'pod')],
  ['exec', writes('runs a program in a container', 'pod')],
  ['port-forward', writes('opens a port into the cluster', 'pod')],
  ['proxy', endangers('opens the API with your credentials on a port', 'none')],
  ['cp', writes('copies files', 'files')],
  ['debug', writes('starts a container beside others', 'pod')],
  ['apply', writes('changes objects', 'none')],
  ['apply view-last-applied', reads('reads an annotation')],
  ['apply set-last-applied', writes('changes an annotation', 'none')],
  ['apply edit-last-applied', writes('changes an annotation in an editor')],
  ['patch', writes('changes objects')],
  ['replace', writes('replaces objects', 'none')],
  ['label', writes('changes labels', 'pairs')],
  ['annotate', writes('changes annotations', 'pairs')],
]);

/** Commands that only hold others: alone they print help, with a word that is no sub-verb they are unknown. */
export const groups: ReadonlySet<string> = new Set([
  '',
  'rollout',
  'config',
  'kuberc',
  'plugin',
  'auth',
  'certificate',
  'set',
  'top',
  'create secret',
  'create service',
]);
