import { successorOf } from '@kw/runtime';

/** A model's name today: a vendor that has retired a documented name serves its successor. Of several the first that is listed. */
export function currentName(provider: string, model: string, listed: readonly string[]): string {
  const successor = successorOf(provider, model);
  if (successor === undefined || listed.includes(model)) return model;
  return successor.candidates.find((name) => listed.includes(name)) ?? successor.candidates[0] ?? model;
}
