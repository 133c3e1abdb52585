// Names, short names and API group of what a cluster serves by itself, as `kubectl api-resources` lists it: plural:group:others.
const served: readonly string[] = [
  'bindings::binding',
  'componentstatuses::componentstatus,cs',
  'configmaps::configmap,cm',
  'endpoints::ep',
  'events:,events.k8s.io:event,ev',
  'limitranges::limitrange,limits',
  'namespaces::namespace,ns',
  'nodes::node,no',
  'persistentvolumeclaims::persistentvolumeclaim,pvc',
  'persistentvolumes::persistentvolume,pv',
  'pods::pod,po',
  'podtemplates::podtemplate',
  'replicationcontrollers::replicationcontroller,rc',
  'resourcequotas::resourcequota,quota',
  'secrets::secret',
  'serviceaccounts::serviceaccount,sa',
  'services::service,svc',
  'mutatingwebhookconfigurations:admissionregistration.k8s.io:mutatingwebhookconfiguration',
  'validatingwebhookconfigurations:admissionregistration.k8s.io:validatingwebhookconfiguration',
  'validatingadmissionpolicies:admissionregistration.k8s.io:validatingadmissionpolicy',
  'validatingadmissionpolicybindings:admissionregistration.k8s.io:validatingadmissionpolicybinding',
  'mutatingadmissionpolicies:admissionregistration.k8s.io:mutatingadmissionpolicy',
  'mutatingadmissionpolicybindings:admissionregistration.k8s.io:mutatingadmissionpolicybinding',
  'customresourcedefinitions:apiextensions.k8s.io:customresourcedefinition,crd,crds',
  'apiservices:apiregistration.k8s.io:apiservice',
  'controllerrevisions:apps:controllerrevision',
  'daemonsets:apps:daemonset,ds',
  'deployments:apps:deployment,deploy',
  'replicasets:apps:replicaset,rs',
  'statefulsets:apps:statefulset,sts',
  'horizontalpodautoscalers:autoscaling:horizontalpodautoscaler,hpa',
  'cronjobs:batch:cronjob,cj',
  'jobs:batch:job',
  'certificatesigningrequests:certificates.k8s.io:certificatesigningrequest,csr',
  'clustertrustbundles:certificates.k8s.io:clustertrustbundle',
  'leases:coordination.k8s.io:lease',
  'endpointslices:discovery.k8s.io:endpointslice',
  'flowschemas:flowcontrol.apiserver.k8s.io:flowschema',
  'prioritylevelconfigurations:flowcontrol.apiserver.k8s.io:prioritylevelconfiguration',
  'ingressclasses:networking.k8s.io:ingressclass',
  'ingresses:networking.k8s.io,extensions:ingress,ing',
  'networkpolicies:networking.k8s.io:networkpolicy,netpol',
  'ipaddresses:networking.k8s.io:ipaddress,ip',
  'servicecidrs:networking.k8s.io:servicecidr',
  'runtimeclasses:node.k8s.io:runtimeclass',
  'poddisruptionbudgets:policy:poddisruptionbudget,pdb',
  'clusterrolebindings:rbac.authorization.k8s.io:clusterrolebinding',
  'clusterroles:rbac.authorization.k8s.io:clusterrole',
  'rolebindings:rbac.authorization.k8s.io:rolebinding',
  'roles:rbac.authorization.k8s.io:role',
  'deviceclasses:resource.k8s.io:deviceclass',
  'resourceclaims:resource.k8s.io:resourceclaim',
  'resourceclaimtemplates:resource.k8s.io:resourceclaimtemplate',
  'resourceslices:resource.k8s.io:resourceslice',
  'priorityclasses:scheduling.k8s.io:priorityclass,pc',
  'csidrivers:storage.k8s.io:csidriver',
  'csinodes:storage.k8s.io:csinode',
  'csistoragecapacities:storage.k8s.io:csistoragecapacity',
  'storageclasses:storage.k8s.io:storageclass,sc',
  'volumeattachments:storage.k8s.io:volumeattachment',
  'volumeattributesclasses:storage.k8s.io:volumeattributesclass,vac',
];

interface ServedKind {
  readonly plural: string;
  readonly groups: readonly string[];
}

const byName: ReadonlyMap<string, ServedKind> = new Map(
  served.flatMap((row) => {
    const [plural = '', groups = '', others = ''] = row.split(':');
    const kind: ServedKind = { plural, groups: groups.split(',') };
    return [plural, ...others.split(',')].map((name): [string, ServedKind] => [name, kind]);
  }),
);

/** Kinds whose every change can hand out rights, or switch off what guards the cluster. */
export const guardingKinds: ReadonlySet<string> = new Set([
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'apiservices',
  'certificatesigningrequests',
  'clustertrustbundles',
  'customresourcedefinitions',
  'flowschemas',
  'prioritylevelconfigurations',
]);

// Deleting one takes data or other objects with it, or the cluster's own furniture.
const preciousKinds: ReadonlySet<string> = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses',
  'csidrivers',
  'csinodes',
  'volumeattachments',
  'volumeattributesclasses',
  'priorityclasses',
  'ingressclasses',
  'runtimeclasses',
  'servicecidrs',
  'deviceclasses',
  'resourceslices',
]);

/** The plural name of a kind as people may write it (`Pod`, `po`, `pods.v1.`, `deployments.apps`); others come back in lower case. */
export function toKind(written: string): string {
  const text = written.toLowerCase();
  const [name = '', ...rest] = text.split('.');
  const known = byName.get(name);
  if (known === undefined) return text;
  const group = rest.filter((part, index) => !(index === 0 && /^v\d+(?:(?:alpha|beta)\d+)?$/.test(part))).join('.');
  return group === '' || known.groups.includes(group) ? known.plural : text;
}

/** True for Secrets, however they are written: the resource's first segment decides. */
export function isSecretKind(kind: string): boolean {
  return /^secrets?(?:\.|$)/i.test(kind);
}

/** True where deleting one named object is more than an everyday change: precious, guarding, or a kind that we do not know. */
export function isPreciousKind(kind: string): boolean {
  return preciousKinds.has(kind) || guardingKinds.has(kind) || !byName.has(kind);
}
