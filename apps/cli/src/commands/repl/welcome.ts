import type { Runtime } from '@kw/runtime';
import type { ReplMessages } from '../../messages/repl.ts';
import { wrapLines } from '../../render/display-width.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';

/** What the first lines are made of. */
export interface WelcomeOptions {
  readonly runtime: Runtime;
  readonly version: string;
  readonly words: ReplMessages;
  readonly style: Style;
  readonly columns: number;
}

/** Who answers, where it acts and how far it may go, and how to get help: two lines where they fit. */
export async function welcomeText({ runtime, version, words, style, columns }: WelcomeOptions): Promise<string> {
  const { config, models, targets } = runtime;
  const place = await targets.freeze({}).then(
    ({ context, namespace }) => `${context}/${namespace ?? 'default'}`,
    () => words.noCluster,
  );
  const model = models.current.id === '' ? models.current.provider : models.current.id;
  const facts = [`kubelet-wuhrai ${version}`, safeText(model), safeText(place), words.permissions[config.permissions]];
  const open = config.permissions === 'auto' ? style.yellow : style.bold;
  return [
    ...wrapLines(facts.join(' · '), columns - 1).map(open),
    ...wrapLines(words.welcome, columns - 1).map((line) => style.dim(line)),
  ].join('\n');
}
