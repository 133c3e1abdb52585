import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSandbox } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';

const secret = 'correct-Horse 42 battery';
const encoded = Buffer.from(secret).toString('base64');

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

beforeAll(async () => {
  cluster = await openSandbox();
  await cluster.kubectl(
    'create',
    'secret',
    'generic',
    'db',
    '-n',
    'shop',
    `--from-literal=plain=${secret}`,
    '--from-literal=user=checkout',
  );
});
afterAll(() => cluster.close());

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'Done.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', KUBECONFIG: cluster.kubeconfig });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

/** What the model and the person get to see of scripts that are allowed to read whatever they want. */
async function seenOf(commands: readonly string[], ...flags: readonly string[]): Promise<{ readonly ended: Ended; readonly seen: string }> {
  for (const command of commands) model.enqueue({ toolCalls: [{ name: 'bash', arguments: { command } }] });
  const args = ['--quiet', '--skip-permissions', '--dangerously-allow', '--show-tool-output', ...flags, 'look'];
  const ended = await place.run(args);
  return { ended, seen: [...model.chats().map(({ text }) => text), ended.stdout, ended.stderr].join('\n') };
}

describe('values of Secrets that an allowed script prints', () => {
  it.each([
    "kubectl get secret db -n shop -o jsonpath='{.data.plain}' | base64 -d",
    "kubectl get secret db -n shop -o jsonpath='{.data.plain}' | cat",
    "kubectl get secrets -n shop -o go-template='{{range .items}}{{.data.plain}}{{end}}' | rev | rev",
  ])('reach neither the model nor the screen: %s', async (command) => {
    const { ended, seen } = await seenOf([command]);
    expect(ended.code).toBe(0);
    expect(seen).toContain('[redacted:secret]');
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain(encoded);
  });

  it('stay hidden in what comes later, and the names beside them are shown', async () => {
    const { seen } = await seenOf([
      "kubectl get secret db -n shop -o jsonpath='{.data.plain}' | wc -c",
      `printf '%s %s\\n' "correct-Horse 4""2 battery" checkout`,
    ]);
    expect(seen).toContain('[redacted:secret] checkout');
    expect(seen).not.toContain(secret);
  });

  it('--show-secrets shows them', async () => {
    const { seen } = await seenOf(["kubectl get secret db -n shop -o jsonpath='{.data.plain}' | base64 -d"], '--show-secrets');
    expect(seen).toContain(secret);
  });
});
