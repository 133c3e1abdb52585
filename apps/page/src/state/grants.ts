import type { StreamEvent, WireGrantOffer } from '@kw/sdk-js';
import type { Chat } from './chat.ts';

/** A leave that was given with an answer. */
export interface Given extends WireGrantOffer {
  /** The id of the approval that it was given with. */
  readonly id: string;
}

/** What is granted once an event has come; the same list where it grants nothing. */
export function grantsAfter({ grants, exchanges }: Pick<Chat, 'grants' | 'exchanges'>, { activity }: StreamEvent): readonly Given[] {
  if (activity?.type !== 'approval-response' || activity.grant === undefined || activity.decision !== 'approve') return grants;
  const { approval_id: id, grant } = activity;
  if (grants.some((given) => given.id === id)) return grants;
  const offer = exchanges
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.type === 'approval' && step.approval.id === id ? (step.approval.grants ?? []) : []))
    .find(({ scope }) => scope === grant);
  return offer === undefined ? grants : [...grants, { ...offer, id }];
}
