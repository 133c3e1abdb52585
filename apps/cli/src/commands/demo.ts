import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@kw/runtime';
import { createRuntime, isKwError } from '@kw/runtime';
import { createStyle, takesColor } from '../render/style.ts';
import { openCounter, runAndShow } from './ask.ts';
import type { CommandContext } from './context.ts';

/** The main job on a simulated cluster: a shop of which much is broken, the real kubectl, and a model of rules where no key is set. Gives the exit code. */
export async function demo(context: CommandContext): Promise<number> {
  const { words, loaded, host, surroundings, messages } = context;
  const { config } = loaded;
  const question = words.join(' ');
  const style = createStyle(takesColor(host.stderr, host.env));
  const say = (text: string): void => {
    host.stderr.write(`${text}\n`);
  };
  const [{ createDemo }, stateDirectory] = await Promise.all([import('@kw/sandbox'), mkdtemp(join(tmpdir(), 'kubelet-wuhrai-demo-'))]);
  const shop = await createDemo();
  const own: Config = { ...config, kubeconfig: shop.kubeconfigPath, stateDirectory };
  const counter = openCounter(own, host);
  const ready = counter.approve === undefined ? {} : { approve: counter.approve, approvalWaitMs: Number.POSITIVE_INFINITY };
  const keyed = await createRuntime(own, surroundings, ready);
  const runtime = hasModel(keyed) ? keyed : await createRuntime({ ...own, provider: 'offline' }, surroundings, ready);
  try {
    say(style.yellow(messages.simulated));
    for (const command of ['get pods', 'get events']) say(style.dim(`  KUBECONFIG=${shop.kubeconfigPath} kubectl ${command}`));
    const text = question === '' ? messages.demoQuestion : question;
    say(`${style.bold('>')} ${style.bold(text)}`);
    const talks = !own.quiet && own.output === 'text' && host.isInteractive();
    if (talks) counter.view.offerUnfolding();
    const code = await runAndShow({ type: 'question', text, session: 'demo' }, runtime, { host, counter });
    if (host.interrupt.aborted || !talks) return code;
    const { converse } = await import('./repl/repl.ts');
    say('');
    return await converse(
      { ...context, loaded: { ...loaded, config: own }, runtime, counter },
      { session: 'demo', placeholder: messages.askMore },
    );
  } finally {
    await runtime.close();
    if (runtime !== keyed) await keyed.close();
    await shop.close();
    await rm(stateDirectory, { recursive: true, force: true });
  }
}

function hasModel(runtime: Awaited<ReturnType<typeof createRuntime>>): boolean {
  try {
    runtime.models.check();
    return true;
  } catch (error) {
    if (isKwError(error) && error.code === 'api-key-not-found') return false;
    throw error;
  }
}
