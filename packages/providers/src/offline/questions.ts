import { flag, type Place } from './place.ts';

const placeColumns = 'NAMESPACE:.metadata.namespace,NAME:.metadata.name';

/** The commands by which the rules look at a namespace; each prints a table. */
export function questionsFor(
  place: Place,
): Readonly<Record<'pods' | 'workloads' | 'events' | 'services' | 'slices' | 'claims' | 'classes' | 'nodes', string>> {
  const where = flag(place);
  const get = (what: string, columns: string, extra = ''): string => `kubectl get ${what}${where}${extra} -o 'custom-columns=${columns}'`;
  return {
    pods: get(
      'pods',
      `${placeColumns},OWNERKIND:.metadata.ownerReferences[0].kind,OWNER:.metadata.ownerReferences[0].name,PHASE:.status.phase,READY:.status.conditions[?(@.type=="Ready")].status,` +
        'WAITING:.status.containerStatuses[*].state.waiting.reason,LAST:.status.containerStatuses[*].lastState.terminated.reason,NOW:.status.containerStatuses[*].state.terminated.reason,EXIT:.status.containerStatuses[*].lastState.terminated.exitCode,' +
        'MEMORY:.spec.containers[*].resources.limits.memory,IMAGE:.spec.containers[*].image,LABELS:.metadata.labels',
    ),
    workloads: get('deployments,statefulsets', `KIND:.kind,${placeColumns},WANTED:.spec.replicas,READY:.status.readyReplicas`),
    events: get(
      'events',
      'NAMESPACE:.metadata.namespace,KIND:.involvedObject.kind,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message',
      ' --field-selector type=Warning',
    ),
    services: get('services', `${placeColumns},TYPE:.spec.type,SELECTOR:.spec.selector`),
    slices: get(
      'endpointslices',
      'NAMESPACE:.metadata.namespace,SERVICE:.metadata.labels.kubernetes\\.io/service-name,READY:.endpoints[*].conditions.ready',
    ),
    claims: get('persistentvolumeclaims', `${placeColumns},PHASE:.status.phase,CLASS:.spec.storageClassName`),
    classes: "kubectl get storageclasses -o 'custom-columns=NAME:.metadata.name'",
    nodes:
      'kubectl get nodes -o \'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status,REASON:.status.conditions[?(@.type=="Ready")].reason\'',
  };
}
