import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';
import { openTerminal } from './terminal.ts';

/** A killed process holds its session until its lease is over. */
const leaseMs = 13_000;
const prompt = 'y = run it';
const deletes = { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl delete pod web-1 -n shop' } }] };

interface Scene {
  readonly model: ScriptedServer;
  readonly place: Place;
  readonly env: Readonly<Record<string, string>>;
  /** What kubectl was run with, where it writes. */
  readonly ran: () => Promise<string>;
  readonly killedAtApproval: () => Promise<void>;
}

const kubectl = `#!/bin/sh
case "$*" in *--dry-run*|*get*) exit 1;; esac
echo "$*" >> "$HOME/ran"
[ -e "$HOME/slow" ] && sleep 30
echo deleted
`;

/** The tests wait for leases, so they run side by side: each in a scene of its own. */
function scene(test: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    const model = await startScriptedServer({ strict: true });
    const place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
    const env = { KUBECONFIG: await kubeconfigOf(place), PATH: await putOnPath(place, 'kubectl', kubectl) };
    const killedAtApproval = async (): Promise<void> => {
      model.enqueue(deletes);
      const terminal = await openTerminal(place, ['delete web-1'], { env });
      await terminal.shows(prompt);
      await killAll(place);
      await terminal.ended;
    };
    try {
      await test({ model, place, env, killedAtApproval, ran: async () => readFile(`${place.home}/ran`, 'utf8').catch(() => '') });
    } finally {
      await model.close();
      await place.remove();
    }
  };
}

async function sleepFor(child: ChildProcess, milliseconds: number): Promise<void> {
  child.kill('SIGSTOP');
  await new Promise((done) => setTimeout(done, milliseconds));
  child.kill('SIGCONT');
}

/** kill -9 of every process of the command in this place, and of nothing else: not of the terminal, whose end would be told to the command first. */
async function killAll(place: Place): Promise<void> {
  const script = `for p in /proc/[0-9]*; do
  [ $p = /proc/$$ ] && continue
  tr "\\0" "\\n" < $p/environ 2>/dev/null | grep -qx "HOME=$HOME" || continue
  case "$(tr "\\0" " " < $p/cmdline)" in script*|sh*) ;; */dist/main.js*) kill -9 \${p#/proc/};; esac
done; true`;
  await place.program('sh', ['-c', script]).ended;
}

describe.concurrent('resume', { timeout: leaseMs + 60_000 }, () => {
  it(
    'with nothing there says so',
    scene(async ({ model, place }) => {
      expect(await place.run(['resume'])).toMatchObject({ code: 0, stderr: expect.stringContaining('no sessions') });
      model.enqueue({ text: 'ok' });
      await place.run(['x']);
      expect(await place.run(['resume'])).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing open') });
    }),
  );

  it(
    'after kill -9 at an approval asks again, and what is approved runs once',
    scene(async ({ model, place, env, ran, killedAtApproval }) => {
      await killedAtApproval();
      model.enqueue({ text: 'It is gone.' });
      const terminal = await openTerminal(place, ['resume'], { env });
      await terminal.shows(prompt);
      expect(await ran()).toBe('');
      expect(terminal.bytes()).toContain('kubectl delete pod web-1 -n shop');
      terminal.type('y\r');
      expect((await terminal.ended).code).toBe(0);
      expect(terminal.bytes()).toContain('It is gone.');
      expect(await ran()).toBe('delete pod web-1 -n shop\n');
      expect(model.chats()).toHaveLength(2);
    }),
  );

  it(
    'after the terminal was closed at an approval asks again',
    scene(async ({ model, place, env, ran }) => {
      model.enqueue(deletes);
      const first = await openTerminal(place, ['delete web-1'], { env });
      await first.shows(prompt);
      first.close();
      await first.ended;
      model.enqueue({ text: 'Then not.' });
      const terminal = await openTerminal(place, ['resume'], { env });
      await terminal.shows(prompt);
      terminal.type('n\r');
      expect((await terminal.ended).code).toBe(0);
      expect(await ran()).toBe('');
      expect(model.chats()).toHaveLength(2);
    }),
  );

  it(
    'without a terminal leaves the question open: exit 3, at once',
    scene(async ({ model, place, env, ran, killedAtApproval }) => {
      await killedAtApproval();
      const { code, stderr } = await place.run(['resume'], { env });
      expect(code).toBe(3);
      expect(stderr).toContain('kubelet-wuhrai resume');
      const terminal = await openTerminal(place, ['resume'], { env });
      await terminal.shows(prompt);
      model.enqueue({ text: 'Then not.' });
      terminal.type('n\r');
      expect((await terminal.ended).code).toBe(0);
      expect(await ran()).toBe('');
    }),
  );

  it(
    'of a session that another process goes on with says that it is busy, and disturbs nothing there',
    scene(async ({ model, place, env, ran }) => {
      model.enqueue(deletes, { text: 'It is gone.' });
      const first = await openTerminal(place, ['delete web-1'], { env });
      await first.shows(prompt);
      const { code, stderr } = await place.run(['resume'], { env });
      expect(code).toBe(1);
      expect(stderr).toContain('busy');
      const impatient = await place.start(['resume'], { env });
      await impatient.shows('busy');
      impatient.child.kill('SIGINT');
      expect((await impatient.ended).code).toBe(130);
      first.type('y\r');
      expect((await first.ended).code).toBe(0);
      expect(await ran()).toBe('delete pod web-1 -n shop\n');
    }),
  );

  it(
    'a changed byte in the logged arguments asks again, with what is now written there',
    scene(async ({ model, place, env, ran }) => {
      model.enqueue(deletes, { text: 'done' });
      const terminal = await openTerminal(place, ['delete web-1'], { env });
      await terminal.shows(prompt);
      const database = new DatabaseSync(`${place.home}/.local/state/kubelet-wuhrai/sessions.db`);
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      expect(tables.map(({ name }) => name)).toContain('entries');
      const { changes } = database
        .prepare("UPDATE entries SET entry = replace(entry, 'pod web-1 -n', 'pod web-2 -n') WHERE entry LIKE '%assistant-message%'")
        .run();
      expect(changes).toBe(1);
      database.close();
      terminal.type('y\r');
      await terminal.shows(prompt, 2);
      expect(terminal.bytes()).toContain('changed since it was shown');
      expect(await ran()).toBe('');
      expect(terminal.bytes()).toContain('kubectl delete pod web-2 -n shop');
      terminal.type('n\r');
      expect((await terminal.ended).code).toBe(0);
      expect(await ran()).toBe('');
    }),
  );

  it(
    'after kill -9 in the middle of the text goes on to the answer',
    scene(async ({ model, place, env }) => {
      model.enqueue({ text: ['Half of ', 'an answer'], fault: { type: 'stall', after: 3 } });
      const run = await place.start(['x'], { env });
      while (model.answering() === 0) await new Promise((done) => setTimeout(done, 10));
      await new Promise((done) => setTimeout(done, 500));
      run.child.kill('SIGKILL');
      await run.ended;
      model.enqueue({ text: 'The whole answer.' });
      const { code, stdout, stderr } = await place.run(['resume'], { env });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'The whole answer.\n' });
      expect(stderr).toContain('busy');
    }),
  );

  it(
    'after kill -9 between a write and its result: interrupted, never repeated',
    scene(async ({ model, place, env, ran }) => {
      await place.program('touch', [`${place.home}/slow`]).ended;
      model.enqueue(deletes);
      const run = await place.start(['--skip-permissions', '--dangerously-allow', 'delete web-1'], { env });
      while ((await ran()) === '') await new Promise((done) => setTimeout(done, 20));
      run.child.kill('SIGKILL');
      await run.ended;
      model.enqueue({ text: 'I do not know whether it is gone.' });
      const { code, stdout } = await place.run(['resume'], { env });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'I do not know whether it is gone.\n' });
      expect(await ran()).toBe('delete pod web-1 -n shop\n');
      expect(JSON.stringify(model.chats().at(-1)?.body['messages'])).toContain('interrupted');
    }),
  );

  it(
    'is not needed after a sleep that was longer than the lease: the run goes on by itself',
    scene(async ({ model, place, env }) => {
      model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] }, { text: 'Good morning.' });
      await putOnPath(place, 'kubectl', '#!/bin/sh\necho started > "$HOME/started"\nsleep 5\necho pods\n');
      const run = await place.start(['x'], { env });
      while ((await readFile(`${place.home}/started`, 'utf8').catch(() => '')) === '') await new Promise((done) => setTimeout(done, 20));
      await sleepFor(run.child, leaseMs + 2_000);
      expect(await run.ended).toMatchObject({ code: 0, stdout: 'Good morning.\n' });
    }),
  );
});
