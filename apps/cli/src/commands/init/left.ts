/** The answer of somebody who leaves: Ctrl-C. */
export const left: unique symbol = Symbol('left');

/** The person left. */
export type Left = typeof left;
