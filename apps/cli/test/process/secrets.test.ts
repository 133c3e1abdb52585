import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusters } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';

const canaries = ['Zx9qCanaryPassw0rdA', 'kw-canary-token-5f1e7', 'otter velvet sixteen', 'AAAAB3canaryNzaC1yc2E'];
const [password = '', token = '', phrase = '', key = ''] = canaries;
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', labels: { app: 'shop' } },
  type: 'Opaque',
  stringData: { password, token, phrase, 'id_rsa.pub': `ssh-rsa ${key} me@here` },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'registry.local/web:1',
        env: [
          { name: 'DB_PASSWORD', value: password },
          { name: 'LOG_LEVEL', value: 'debug' },
        ],
      },
    ],
  },
};

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

/** Every form in which a canary could be read by somebody: plain, base64 at each offset, hex, in a URL. */
const forms: readonly string[] = canaries.flatMap((text) => {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(shift === 0 ? 0 : 4, -2),
  );
  return [text, ...encoded, bytes.toString('hex'), encodeURIComponent(text)];
});

/** All that was written anywhere: model requests, the streams, every file of the home, compressed outputs unpacked. */
async function everything(ended: Ended): Promise<ReadonlyMap<string, string>> {
  const places = new Map([
    ['stdout', ended.stdout],
    ['stderr', ended.stderr],
    ['the model', model.requests.map(({ text }) => text).join('\n')],
  ]);
  for (const name of await readdir(place.home, { recursive: true })) {
    const path = join(place.home, name);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) continue; // a folder
    places.set(path, bytes.toString('latin1'));
    if (!bytes.subarray(0, 15).equals(Buffer.from('SQLite format 3'))) continue;
    const database = new DatabaseSync(path, { readOnly: true });
    for (const { name: table } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()) {
      for (const row of database.prepare(`SELECT * FROM ${String(table)}`).all()) {
        for (const value of Object.values(row)) {
          if (value instanceof Uint8Array)
            places.set(`${path} ${String(table)} ${places.size}`, zstdDecompressSync(value).toString('latin1'));
        }
      }
    }
    database.close();
  }
  return places;
}

async function expectNothingSecret(ended: Ended): Promise<void> {
  const found = [...(await everything(ended))].flatMap(([where, text]) =>
    forms.filter((form) => text.includes(form)).map((form) => `${form} in ${where}`),
  );
  expect(found).toEqual([]);
}

describe.each(clusters)('secrets, on $name', ({ open }) => {
  beforeAll(async () => {
    cluster = await open();
    await cluster.apply(secret);
    await cluster.apply(pod);
  });
  afterAll(async () => {
    await cluster.close();
  });
  beforeEach(async () => {
    model = await startScriptedServer({ strict: true });
    place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', KUBECONFIG: cluster.kubeconfig });
  });
  afterEach(async () => {
    await model.close();
    await place.remove();
  });

  it.each(['yaml', 'json'])('`kubectl get secret -o %s | kubelet-wuhrai` lets no byte of it out', async (format) => {
    const input = await cluster.kubectl('get', 'secret', 'db', '-n', cluster.namespace, '-o', format);
    expect(input).toContain(Buffer.from(password).toString('base64').slice(0, 20));
    model.enqueue({ text: 'It is a Secret.' });
    const ended = await place.run(['what is this?'], { input });
    expect(ended.code).toBe(0);
    expect(model.chats()).toHaveLength(1);
    await expectNothingSecret(ended);
  });

  it('a list of Secrets, as `kubectl get secrets -A -o yaml` prints it, neither', async () => {
    const input = await cluster.kubectl('get', 'secrets', '-A', '-o', 'yaml');
    model.enqueue({ text: 'Secrets.' });
    await expectNothingSecret(await place.run(['what is this?'], { input }));
  });

  it.each([
    'kubectl get secret db -o yaml',
    'kubectl get secret db -o json',
    "kubectl get secret db -o jsonpath='{.data.password}'",
    "kubectl get secret db -o jsonpath='{.data}'",
    "kubectl get secret db -o go-template='{{range $k, $v := .data}}{{$k}}={{$v | base64decode}} {{end}}'",
    'kubectl get secret db -o custom-columns=P:.data.password',
    "kubectl get secret db -o custom-columns='ALL:.data'",
    'kubectl get secrets -o yaml -A',
    'kubectl describe secret db',
    'kubectl get secret,pod -o yaml',
    'kubectl get pod web -o yaml',
    'kubectl get pod web -o json',
    'kubectl describe pod web',
    'kubectl get secret db -o yaml --show-managed-fields',
    'kubectl get --raw /api/v1/namespaces/NS/secrets/db',
  ])('the model that calls `%s` gets none of it', async (line) => {
    const command = `${line.replace('NS', cluster.namespace)} -n ${cluster.namespace}`;
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command } }] },
      { toolCalls: [{ name: 'read_output', arguments: { ref: 'output:1' } }] },
      { text: 'I saw it.' },
    );
    const ended = await place.run(['--show-tool-output', 'show me the secret'], {});
    expect([0, 3]).toContain(ended.code);
    await expectNothingSecret(ended);
  });

  it.each([
    'kubectl get secret db -o yaml',
    "kubectl get secret db -o jsonpath='{.data.password}' | base64 -d",
    "kubectl get secret db -o json | jq -r '.data.password'",
    'kubectl get secret db -o yaml | grep password',
    'env',
    'cat $KUBECONFIG',
    'cat /proc/self/environ',
  ])('the model that calls bash with `%s` gets none of it', async (line) => {
    const command = line.replace('get secret', `get secret -n ${cluster.namespace}`);
    model.enqueue({ toolCalls: [{ name: 'bash', arguments: { command } }] }, { text: 'I saw it.' });
    const ended = await place.run(['--show-tool-output', 'show me the secret'], {});
    expect([0, 3]).toContain(ended.code);
    await expectNothingSecret(ended);
    expect([...(await everything(ended)).values()].join('\n')).not.toContain('sk-deepseek-0123456789');
  });

  it('--show-secrets shows them, and says so', async () => {
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl get secret db -o yaml -n ${cluster.namespace}` } }] },
      { text: 'ok' },
    );
    const { stderr } = await place.run(['--show-secrets', 'show me the secret']);
    expect(stderr).toContain('--show-secrets');
    expect(model.chats()[1]?.text).toContain(Buffer.from(password).toString('base64'));
  });

  it('keys that this process holds are taken out of what a model or a command says', async () => {
    model.enqueue({ text: 'Your key is sk-deepseek-0123456789, I think.' });
    const ended = await place.run(['what is sk-deepseek-0123456789?']);
    expect(ended.stdout).not.toContain('sk-deepseek-0123456789');
    const headers = [...(await everything(ended))].filter(([, text]) => text.includes('sk-deepseek-0123456789')).map(([where]) => where);
    expect(headers).toEqual([]);
  });
});
