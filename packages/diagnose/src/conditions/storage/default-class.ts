import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { isDefaultClass } from '../../world/claims.ts';

/** More than one default storage class: the newest wins, which is rarely known. */
export const storageClassDefaults: Condition = {
  id: 'storage-class-defaults',
  kinds: ['StorageClass'],
  needs: ['StorageClass'],
  *find(world) {
    const classes = world
      .all('StorageClass')
      .filter((each) => each.deletedAt === undefined && isDefaultClass(each))
      .toSorted((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0) || one.name.localeCompare(other.name));
    const [winner, ...others] = classes;
    if (winner === undefined || others.length === 0) return;
    yield {
      object: winner,
      reason: 'SeveralDefaultClasses',
      severity: 'warning',
      summary: `${classes.length} storage classes are the default; claims without a class get this one because it is the newest`,
      evidence: classes.map(({ name }) => fieldEvidence(`storageclass/${name} storageclass.kubernetes.io/is-default-class`, 'true')),
      fix: others.map(({ name }) => `kubectl annotate storageclass ${name} storageclass.kubernetes.io/is-default-class=false --overwrite`),
      docs: 'https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass',
    };
  },
};
