import { fieldsAt, labelsAt, textAt, textsAt } from '../../world/fields.ts';
import { classOf } from '../../world/claims.ts';
import { quantityOf, showQuantity } from '../../world/quantity.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Why a volume can't be a claim's. */
export interface Misfit {
  readonly type: 'taken' | 'released' | 'capacity' | 'access-mode' | 'volume-mode' | 'selector' | 'failed';
  readonly says: string;
}

/** A volume and all that speaks against it; empty where nothing does. */
export interface VolumeFit {
  readonly volume: WorldObject;
  readonly misfits: readonly Misfit[];
}

/** The volumes of the claim's class, those that nearly fit first. */
export function fitsOf(claim: WorldObject, world: World): readonly VolumeFit[] {
  const wanted = classOf(claim) ?? '';
  return world
    .all('PersistentVolume')
    .filter((volume) => volume.deletedAt === undefined && (classOf(volume) ?? '') === wanted)
    .map((volume) => ({ volume, misfits: misfitsOf(claim, volume) }))
    .toSorted((one, other) => weight(one) - weight(other));
}

/** A volume of somebody else is no near miss. */
function weight({ misfits }: VolumeFit): number {
  return misfits.length + (misfits.some(({ type }) => type === 'taken') ? 10 : 0);
}

/** What speaks against one volume. */
export function misfitsOf(claim: WorldObject, volume: WorldObject): readonly Misfit[] {
  return [...ownership(claim, volume), ...size(claim, volume), ...modes(claim, volume), ...labels(claim, volume)];
}

function ownership(claim: WorldObject, volume: WorldObject): readonly Misfit[] {
  const phase = textAt(volume.body, 'status.phase');
  const owner = fieldsAt(volume.body, 'spec.claimRef');
  const name = `${textAt(owner, 'namespace')}/${textAt(owner, 'name')}`;
  if (phase === 'Failed') return [{ type: 'failed', says: 'has failed' }];
  if (phase === 'Released') return [{ type: 'released', says: `is released, but its claimRef still names the claim ${name} that is gone` }];
  const isOurs =
    textAt(owner, 'name') === '' ||
    (name === `${claim.namespace ?? ''}/${claim.name}` && [undefined, claim.uid].includes(textAt(owner, 'uid') || undefined));
  return isOurs ? [] : [{ type: 'taken', says: `belongs to the claim ${name}` }];
}

function size(claim: WorldObject, volume: WorldObject): readonly Misfit[] {
  const wanted = quantityOf(fieldsAt(claim.body, 'spec.resources.requests')['storage']);
  const has = quantityOf(fieldsAt(volume.body, 'spec.capacity')['storage']);
  if (wanted === undefined || has === undefined || has >= wanted) return [];
  return [{ type: 'capacity', says: `has ${showQuantity('storage', has)}, and ${showQuantity('storage', wanted)} is asked for` }];
}

function modes(claim: WorldObject, volume: WorldObject): readonly Misfit[] {
  const has = textsAt(volume.body, 'spec.accessModes');
  const lacking = textsAt(claim.body, 'spec.accessModes').filter((mode) => !has.includes(mode));
  const [wanted, given] = [claim, volume].map(({ body }) => textAt(body, 'spec.volumeMode') || 'Filesystem');
  return [
    ...(lacking.length === 0
      ? []
      : [{ type: 'access-mode' as const, says: `offers ${has.join(', ')}, and ${lacking.join(', ')} is asked for` }]),
    ...(wanted === given ? [] : [{ type: 'volume-mode' as const, says: `is ${given}, and ${wanted} is asked for` }]),
  ];
}

function labels(claim: WorldObject, volume: WorldObject): readonly Misfit[] {
  const selector = fieldsAt(claim.body, 'spec.selector');
  if (matchesSelector(volume.labels, selector)) return [];
  const wanted = Object.entries(labelsAt(selector, 'matchLabels')).map(([name, value]) => `${name}=${value}`);
  return [{ type: 'selector', says: `has not the labels of the claim's selector${wanted.length === 0 ? '' : ` (${wanted.join(',')})`}` }];
}
