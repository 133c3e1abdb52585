/** Why some nodes can't take a pod. */
export interface NodeRefusal {
  /** How many nodes; 0 where the scheduler names no number. */
  readonly nodes: number;
  readonly cause: RefusalCause;
  readonly text: string;
  /** The resource or the taint. */
  readonly detail?: string;
}

/** The scheduler's reasons, by what one does about them. */
export type RefusalCause =
  | 'InsufficientResources'
  | 'UntoleratedTaint'
  | 'NodeAffinity'
  | 'PodAffinity'
  | 'PodAntiAffinity'
  | 'TopologySpread'
  | 'HostPorts'
  | 'VolumeNodeAffinity'
  | 'UnboundClaim'
  | 'MissingClaim'
  | 'VolumeLimit'
  | 'Cordoned'
  | 'Other';

const patterns: readonly (readonly [RefusalCause, RegExp])[] = [
  ['MissingClaim', /persistentvolumeclaim "?([^"\s]+)"? (?:not found|bound to non-existent|is being deleted)/i],
  [
    'UnboundClaim',
    /unbound (?:immediate )?PersistentVolumeClaims|didn't find available persistent volumes|not find available persistent volumes/i,
  ],
  ['VolumeNodeAffinity', /volume node affinity conflict/i],
  ['VolumeLimit', /exceed max volume count|too many (?:attached )?volumes/i],
  ['UntoleratedTaint', /\btaint(?:s|\(s\))?(?: \{([^}]*)\})?(?:,? that the pod didn't tolerate)?/i],
  ['Cordoned', /were unschedulable/i],
  ['PodAntiAffinity', /anti-?affinity/i],
  ['TopologySpread', /topology spread/i],
  ['PodAffinity', /pod affinity|inter-pod affinity/i],
  ['NodeAffinity', /node affinity|node selector|affinity\/selector|didn't match node/i],
  ['HostPorts', /free ports/i],
  ['InsufficientResources', /insufficient (\S+)|too many pods/i],
];

/** Splits `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. preemption: ...` into its causes. */
export function parseSchedulerMessage(message: string): { readonly nodes: number | undefined; readonly refusals: readonly NodeRefusal[] } {
  const head = /^0\/(\d+) nodes are available:?\s*/.exec(message);
  const text = message
    .slice(head?.[0].length ?? 0)
    .replace(/\s*(?:preemption|no new claims to deallocate).*$/is, '')
    .replace(/\.\s*$/, '')
    .trim();
  // A comma inside of a taint's braces is none between two causes.
  const parts = text.split(/,\s+(?=\d+ )|\.\s+(?=\d+ )/).filter((part) => part !== '');
  return { nodes: head === null ? undefined : Number(head[1]), refusals: parts.map(toRefusal) };
}

function toRefusal(part: string): NodeRefusal {
  const [, count, rest] = /^(\d+) (.*)$/s.exec(part) ?? [];
  const text = rest ?? part;
  for (const [cause, pattern] of patterns) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const detail = cause === 'InsufficientResources' ? (match[1] ?? 'pods') : match[1];
    return { nodes: Number(count ?? 0), cause, text, ...(detail === undefined ? {} : { detail: detail.replace(/:\s*$/, '').trim() }) };
  }
  return { nodes: Number(count ?? 0), cause: 'Other', text };
}
