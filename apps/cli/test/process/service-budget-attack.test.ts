import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createPlace } from './command.ts';

const alice = 'alice-0123456789abcdef';

it('a budget is not spent many times over by questions that are asked at once', async () => {
  // an answer of the script uses 18 tokens
  const model = await startScriptedServer({ script: () => ({ toolCalls: [{ name: 'bash', arguments: { command: 'sleep 0.7' } }] }) });
  onTestFinished(() => model.close());
  const place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  onTestFinished(() => place.remove());
  const folder = join(place.home, '.config', 'kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  const lines = ['auth-tokens:', `  - { name: alice, token: "${alice}" }`, 'daily-tokens: 180', 'max-iterations: 20'];
  await writeFile(join(folder, 'config.yaml'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0']);
  await started.shows('listens on http');
  const url = /http:\/\/[^\s]+/.exec(started.stderr())?.[0] ?? '';
  const ask = async (index: number): Promise<string> => {
    const response = await fetch(`${url}/api/v1/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alice}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: `x${index}`, session_id: `s${index}` }),
    });
    return response.text();
  };
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(index)));
  // each by itself would have made about ten requests
  expect(model.chats().length).toBeLessThan(45);
  expect(answers.filter((text) => text.includes('budget of today is spent')).length).toBeGreaterThan(0);
}, 120_000);
