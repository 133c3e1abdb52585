import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Started } from './command.ts';
import { call, inScene, question } from './scene.ts';
import type { Scene } from './scene.ts';
import { openTerminal } from './terminal.ts';

/** Waits in a write until it is let go; notes what it was run with. */
const waiting = `#!/bin/sh
case "$*" in *--dry-run*|*get*) echo fine; exit 0;; esac
echo "$@" >> "$HOME/ran"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
echo changed
`;
const write = 'scale deployment web --replicas=2';

/** Starts a question whose write is running when this resolves. */
async function inTheWrite({ place, model, env, ran }: Scene): Promise<Started> {
  model.enqueue({ toolCalls: [call(write)] });
  const run = await place.start(['--skip-permissions', question], { env });
  await expect.poll(ran, { timeout: 10_000 }).toHaveLength(1);
  return run;
}

describe('a process that ends in the middle', { timeout: 60_000 }, () => {
  it('reliability 26: kill -9 between a write and its result: taken up as interrupted, never repeated, the history is valid', async () => {
    await inScene(
      async (scene) => {
        const { place, model, env } = scene;
        const run = await inTheWrite(scene);
        run.child.kill('SIGKILL');
        expect((await run.ended).code).toBe(137);
        // Nobody was left to end the command.
        await writeFile(`${place.home}/go`, '');
        model.enqueue({ text: 'I do not know whether it was changed.' });
        const { code, stdout } = await place.run(['resume'], { env });
        expect({ code, stdout }).toEqual({ code: 0, stdout: 'I do not know whether it was changed.\n' });
        expect(scene.told()).toContain('interrupted');
        // What the killed process left in the folder for temporary files goes with the next command.
        model.enqueue({ toolCalls: [call('get pods')] }, { text: 'Seen.' });
        expect(await place.run(['--resume-session=latest', question], { env })).toMatchObject({ code: 0, stdout: 'Seen.\n' });
        await scene.expectNothingLeft();
        expect(await scene.ran()).toEqual(['scale deployment']);
      },
      { kubectl: waiting },
    );
  });

  it('reliability 25: SIGTERM in a write ends it with its group, the session says so, and it is not repeated', async () => {
    await inScene(
      async (scene) => {
        const run = await inTheWrite(scene);
        const at = performance.now();
        run.child.kill('SIGTERM');
        expect((await run.ended).code).toBe(130);
        expect(performance.now() - at).toBeLessThan(2_000);
        await scene.expectNothingLeft();
        expect(await scene.ran()).toEqual(['scale deployment']);
      },
      { kubectl: waiting },
    );
  });

  it('reliability 25: the service drains within 10 s of SIGTERM and exits 0, and its run goes on in the next process', async () => {
    await inScene(async (scene) => {
      const { place, model, env } = scene;
      model.enqueue({ text: ['Half of ', 'an answer'], fault: { type: 'stall', after: 3 } });
      const first = await serve(scene);
      const asked = await fetch(`${first.url}/api/v1/chat/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: question }),
      });
      const runId = await readUntil(asked, /"run_?[iI]d":"([^"]+)"[^]*Half of/);
      const at = performance.now();
      first.started.child.kill('SIGTERM');
      expect((await first.started.ended).code).toBe(0);
      expect(performance.now() - at).toBeLessThan(10_000);
      await scene.expectNothingLeft({ reopens: false });
      model.enqueue({ text: 'The whole answer.' });
      const second = await serve(scene);
      await expect
        .poll(async () => (await fetch(`${second.url}/api/v1/runs/${runId}?wait=5s`)).text(), { timeout: 30_000 })
        .toContain('The whole answer.');
      second.started.child.kill('SIGTERM');
      expect((await second.started.ended).code).toBe(0);
      expect(env['KUBECONFIG']).toContain(place.home);
      await scene.expectNothingLeft({ reopens: false });
    });
  });
});

describe('calls that are approved one by one', { timeout: 60_000 }, () => {
  it('reliability 20: a deny affects only its own write', async () => {
    await inScene(async (scene) => {
      const { place, model, env } = scene;
      const commands = ['get a', 'scale deployment web --replicas=2', 'get c', 'scale deployment db --replicas=3'];
      model.enqueue({ toolCalls: commands.map((command) => call(command)) }, { text: 'Done.' });
      const terminal = await openTerminal(place, [question], { env });
      await terminal.shows('y = run it');
      expect(await scene.ran()).toEqual(['get a']);
      terminal.type('n\r');
      await terminal.shows('y = run it', 2);
      expect(await scene.ran()).toEqual(['get a', 'get c']);
      terminal.type('y\r');
      expect((await terminal.ended).code).toBe(0);
      expect(await scene.ran()).toEqual(['get a', 'get c', 'scale deployment']);
      expect(await readFile(`${place.home}/ran`, 'utf8')).toMatch(/scale deployment db --replicas=3(?!.*dry-run)/);
      await scene.expectNothingLeft();
    });
  });
});

describe('calls that are told apart badly', { timeout: 60_000 }, () => {
  it.each<[string, number | null, number | null]>([
    ['missing', null, null],
    ['equal', 0, 0],
  ])('reliability 19: with %s indexes each call runs once and is answered once', async (_, first, second) => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([
        { toolCalls: [call('get pods', { index: first, id: 'one' }), call('get nodes', { index: second, id: 'two' })] },
        { text: 'Seen.' },
      ]);
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'Seen.' } });
      expect((await scene.ran()).toSorted()).toEqual(['get nodes', 'get pods']);
      await scene.expectNothingLeft();
    });
  });
});

async function serve({ place, env }: Scene): Promise<{ readonly started: Started; readonly url: string }> {
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0'], { env });
  await started.shows('listens on');
  return { started, url: /http:\/\/127\.0\.0\.1:\d+/.exec(started.stderr())?.[0] ?? '' };
}

/** Reads a stream until its text matches, leaves it and gives the first group. */
async function readUntil(response: Response, wanted: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const found = wanted.exec(text);
    if (found !== null) return found[1] ?? '';
  }
  throw new Error(`the stream ended without ${String(wanted)}: ${text}`);
}
