import { openTarget } from '../../src/index.ts';
import type { KubeHost, KubeOptions, OpenKubeTarget, TargetWish } from '../../src/index.ts';
import { onTestFinished } from 'vitest';
import { createFolder } from './folder.ts';
import type { TestFolder } from './folder.ts';
import { testHost } from './host.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import type { TestKubeconfig } from './kubeconfig.ts';

/** What a test opens. */
export interface OpenOptions extends Partial<Omit<KubeOptions, 'host'>>, TargetWish {
  readonly config?: TestKubeconfig;
  readonly host?: Partial<KubeHost>;
  readonly folder?: TestFolder;
}

/** Opens a target of a kubeconfig made for the test; it is closed with it. */
export async function openTestTarget({
  config = {},
  host: overrides = {},
  folder: given,
  ...options
}: OpenOptions = {}): Promise<OpenKubeTarget> {
  const folder = given ?? (await createFolder());
  await folder.write('.kube/config', kubeconfigOf(config));
  const host = testHost(folder, overrides);
  const opened = await openTarget({ host, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

/** A clock that a test moves. */
export function movableClock(): { readonly now: () => number; readonly move: (milliseconds: number) => void } {
  let time = Date.parse('2026-01-01T00:00:00Z');
  return {
    now: () => time,
    move: (milliseconds) => {
      time += milliseconds;
    },
  };
}
