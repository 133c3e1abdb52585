import type { Kubelet } from './api/types.ts';

/** The kubelet of a cluster without a world: nothing runs, nothing is logged. */
export const idleKubelet: Kubelet = {
  logs: () => undefined,
  follow: () => () => {},
  usage: () => undefined,
};
