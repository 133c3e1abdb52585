import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer, ServerCall, ServerTurn } from '@kw/providers/testing';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from './aftermath.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;
let env: Record<string, string>;

beforeEach(async () => {
  // It answers 400 to a history with an unanswered, doubled or unknown call.
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\necho "result of $2"\n');
  env = { PATH, KUBECONFIG: await kubeconfigOf(place) };
});
afterEach(async () => {
  await expectNothingLeft(place, { model, env, reopens: 'what is wrong?' });
  await model.close();
  await place.remove();
});

const call = (command: string, more: Partial<ServerCall> = {}): ServerCall => ({
  name: 'kubectl',
  arguments: { command: `kubectl ${command}` },
  ...more,
});
const ask = async (turns: readonly ServerTurn[], ...flags: readonly string[]): Promise<Ended> => {
  model.enqueue(...turns);
  return place.run([...flags, 'what is wrong?'], { env });
};
/** The commands that ran, without the flags that freeze the target. */
const ran = async (): Promise<readonly string[]> => {
  const text = await readFile(`${place.home}/ran`, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => /\b(?:get|delete|describe) [\w-]+/.exec(line)?.[0] ?? []);
};
const lastMessages = (): string => JSON.stringify(model.chats().at(-1)?.body['messages']);

describe('a model whose answers break', { timeout: 60_000 }, () => {
  it('reliability 11: a reset in the text is told, and the answer is never doubled', async () => {
    const { code, stdout } = await ask([
      { text: ['Half an ', 'answer ', 'that breaks'], fault: { type: 'reset', after: 3 } },
      { text: ['The whole ', 'answer.'] },
    ]);
    expect(code).toBe(0);
    expect(stdout.match(/The whole answer\./g)).toHaveLength(1);
    expect(model.chats()).toHaveLength(2);
  });

  it.each(['reset', 'end'] as const)('reliability 12: a %s inside a tool call runs nothing, and is retried', async (type) => {
    const { code, stdout } = await ask(
      [{ toolCalls: [call('delete pod-a')], fault: { type, after: 'in-call' } }, { toolCalls: [call('get pods')] }, { text: 'Done.' }],
      '--skip-permissions',
    );
    expect({ code, stdout, ran: await ran() }).toEqual({ code: 0, stdout: 'Done.\n', ran: ['get pods'] });
  });

  it('reliability 13: a broken chunk is skipped, an empty stream is asked for once more', async () => {
    const { code, stdout } = await ask([
      { fault: { type: 'empty' } },
      { text: ['All ', 'is well.'], fault: { type: 'garbage', after: 1 } },
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
  });

  it('reliability 13: a model that returns nothing is said to, in one line', async () => {
    const { code, stdout, stderr } = await ask([{ text: '' }, { text: '' }, { text: '' }, { text: '' }]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the model returned nothing');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('reliability 14: a call that the output limit cut does not run, and the model is told', async () => {
    const { code, stdout } = await ask(
      [{ toolCalls: [call('x', { arguments: '{"command":"kubectl delete pod-a' })], finishReason: 'length' }, { text: 'Understood.' }],
      '--skip-permissions',
    );
    expect({ code, stdout, ran: await ran() }).toEqual({ code: 0, stdout: 'Understood.\n', ran: [] });
    expect(lastMessages()).toContain('was cut by the output limit and did not run');
  });

  it.each(['content_filter', 'moon_phase'])('reliability 14: the text of an answer that ends with %s is kept', async (finishReason) => {
    const { stdout } = await ask([{ text: 'This much is known.', finishReason }]);
    expect(stdout).toContain('This much is known.');
  });

  it('reliability 18: arguments that are no JSON run nothing; after three corrections one last answer is asked for', async () => {
    const broken = ['{"command":', '{"command":"kubectl get a"}{"command":"kubectl get b"}', '"kubectl get pods"', '[1]'];
    const { code, stdout } = await ask(
      [...broken.map((text) => ({ toolCalls: [call('x', { arguments: text, fragments: [text] })] })), { text: 'I could not look.' }],
      '--skip-permissions',
    );
    expect({ stdout, ran: await ran() }).toEqual({ stdout: 'I could not look.\n', ran: [] });
    expect(code).toBe(4);
    expect(model.chats()).toHaveLength(5);
  });

  it.each(['{"command":"kubectl get pods\u0000"}', '{"command":"kubectl get pods\\u0000"}', '{"command":"kubectl get pods","command":7}'])(
    'reliability 18: %j runs nothing, and the model is told',
    async (text) => {
      const { stdout } = await ask(
        [{ toolCalls: [call('x', { arguments: text, fragments: [text] })] }, { text: 'I see.' }],
        '--skip-permissions',
      );
      expect({ stdout, ran: await ran(), requests: model.chats().length }).toEqual({ stdout: 'I see.\n', ran: [], requests: 2 });
    },
  );

  it('reliability 19: doubled, missing and empty ids and equal indexes: each call runs once and is answered once', async () => {
    const { code, stdout } = await ask([
      {
        toolCalls: [
          call('get pods', { id: 'same', index: 0, fragments: 1 }),
          call('get nodes', { id: 'same', index: 1, fragments: 1 }),
          call('get events', { id: null, index: 2, fragments: 1 }),
          call('get jobs', { id: '', index: 3, fragments: 1 }),
        ],
      },
      { toolCalls: [call('get secrets-of-none', { id: 'same' })] },
      { text: 'Seen.' },
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Seen.\n' });
    expect((await ran()).toSorted()).toEqual(['get events', 'get jobs', 'get nodes', 'get pods', 'get secrets-of-none']);
  });

  it('reliability 19: unknown, empty and dotted names get an error that lists the tools', async () => {
    const names = ['helm', '', 'kubectl.get'];
    const { code, stdout } = await ask([{ toolCalls: names.map((name) => call('get pods', { name })) }, { text: 'Sorry.' }]);
    expect({ code, stdout, ran: await ran() }).toEqual({ code: 0, stdout: 'Sorry.\n', ran: [] });
    expect(lastMessages().match(/kubectl, read_output/g)?.length).toBe(3);
  });

  it('reliability 21b: a call, as text or for real, in the last answer is neither run nor shown', async () => {
    const asText = '```json\n{"name": "kubectl", "arguments": {"command": "kubectl get nodes"}}\n```';
    for (const last of [{ text: asText }, { toolCalls: [call('get nodes')] }]) {
      const { code, stdout } = await ask([{ text: 'Pod a is broken.', toolCalls: [call('get pods')] }, last], '--max-iterations=2');
      expect({ code, stdout: stdout.includes('"arguments"') }).toEqual({ code: 4, stdout: false });
      expect(stdout).toContain('Pod a is broken.');
    }
    expect(await ran()).toEqual(['get pods', 'get pods']);
    expect(model.chats()).toHaveLength(4);
    expect(model.chats().at(-1)?.body['tools']).toBeUndefined();
  });
});
