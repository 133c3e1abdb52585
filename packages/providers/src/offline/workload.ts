import { parseLabels, type Row } from './table.ts';

/** A pod, as far as the rules look at it. */
export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  /** `deployment/web`: whoever a person would change. */
  readonly owner: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly waiting: string;
  readonly last: string;
  readonly exit: string;
  readonly memory: string;
  readonly image: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** Reads a row of the pods' table. */
export function toPod(row: Row): PodRow {
  const cell = (name: string): string => row.get(name) ?? '';
  return {
    namespace: cell('NAMESPACE'),
    name: cell('NAME'),
    owner: ownerOf(cell('OWNERKIND'), cell('OWNER'), cell('NAME')),
    phase: cell('PHASE'),
    ready: cell('READY') === 'True' || cell('PHASE') === 'Succeeded',
    waiting:
      cell('WAITING')
        .split(',')
        .find((reason) => reason !== '' && reason !== '<none>') ?? '',
    last: `${cell('LAST')} ${cell('NOW')}`,
    exit: cell('EXIT').split(',')[0] ?? '',
    memory: cell('MEMORY').split(',')[0] ?? '',
    image: cell('IMAGE').split(',')[0] ?? '',
    labels: parseLabels(row.get('LABELS')),
  };
}

/** A ReplicaSet of a Deployment has the Deployment's name and a hash. */
function ownerOf(kind: string, owner: string, pod: string): string {
  if (kind === '') return `pod/${pod}`;
  return kind === 'ReplicaSet' ? `deployment/${owner.replace(/-[a-z0-9]{6,10}$/, '')}` : `${kind.toLowerCase()}/${owner}`;
}

/** Groups rows, in the order of their first. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, readonly T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
