import type { Judgement } from './judgement.ts';

/** Words of reasons that speak of what is only known when it runs. */
const laterKnown = /not known before|not seen here|runs what it reads/;

/** True where the same words may do something else the next time: what they run, apply or name is not in them, or was not understood at all. */
export function isUnseen({ unseen, effect, reasons }: Judgement): boolean {
  return unseen === true || effect === 'unknown' || (effect !== 'read' && reasons.some((reason) => laterKnown.test(reason)));
}
