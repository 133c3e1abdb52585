import type { WireGrantOffer } from '@kw/sdk-js';
import type { Messages } from './messages.ts';
import { visible } from './visible.ts';

/** What a grant covers, in the language of the page where its parts are known. */
export function grantLabel({ label, calls }: WireGrantOffer, words: Messages): string {
  return visible(calls === undefined ? label : words.grantedCalls(calls));
}

/** By which leave a command ran unasked. */
export function byGrantText(grant: WireGrantOffer, words: Messages): string {
  return words.byGrant(grant.scope === 'exact' ? words.exactly : grantLabel(grant, words));
}
