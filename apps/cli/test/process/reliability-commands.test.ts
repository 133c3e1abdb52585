import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { peakMegabytes } from './peak.ts';
import { call, inScene, question, readEvents } from './scene.ts';
import type { PrintedEvent } from './scene.ts';
import { putOnPath } from './stub.ts';

const look = [{ toolCalls: [call('get pods')] }, { text: 'Done.' }];
const done = { code: 0, outcome: { type: 'completed', answer: 'Done.' } };
const resultOf = (events: readonly PrintedEvent[]): PrintedEvent | undefined => events.find(({ type }) => type === 'tool-result');

describe('a kubectl that fails', { timeout: 60_000 }, () => {
  it('reliability 23: missing: advice in under a second', async () => {
    await inScene(async (scene) => {
      const { code, outcome, events } = await scene.ask(look, { env: { PATH: '/nonexistent' } });
      expect({ code, outcome }).toEqual(done);
      expect(resultOf(events)).toMatchObject({ isError: true, content: expect.stringContaining('kubectl was not found on PATH') });
      expect(resultOf(events)?.['durationMs']).toBeLessThan(1_000);
      await scene.expectNothingLeft();
    });
  });

  it('reliability 23: not executable: advice in under a second', async () => {
    await inScene(async (scene) => {
      await putOnPath(scene.place, 'kubectl', 'no program', 0o644);
      const { code, outcome, events } = await scene.ask(look, { env: { PATH: `${scene.place.home}/bin` } });
      expect({ code, outcome }).toEqual(done);
      expect(resultOf(events)?.['content']).toMatch(/kubectl was not found|not executable|EACCES/);
      expect(resultOf(events)?.['durationMs']).toBeLessThan(1_000);
      await scene.expectNothingLeft();
    });
  });

  it.each([
    ['hanging', '#!/bin/sh\necho started\nexec sleep 321\n', 3_000],
    [
      'deaf to SIGTERM, with a child that is, too',
      '#!/bin/sh\ntrap "" TERM\necho started\nsleep 321 &\nwhile :; do sleep 1; done\n',
      8_000,
    ],
  ])('reliability 23: %s: killed with its group at its limit and five seconds', async (_, kubectl, mostMs) => {
    await inScene(
      async (scene) => {
        const { code, outcome, events } = await scene.ask(look, { flags: ['--tool-timeout=1'] });
        expect({ code, outcome }).toEqual(done);
        expect(resultOf(events)).toMatchObject({ isError: true, content: expect.stringMatching(/started.*\b1 s/s) });
        expect(resultOf(events)?.['durationMs']).toBeLessThan(mostMs);
        await scene.expectNothingLeft();
      },
      { kubectl },
    );
  });

  it('reliability 23: a grandchild that keeps the pipe open: returns in under 2 s, and nothing of it stays', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome, events } = await scene.ask(look);
        expect({ code, outcome }).toEqual(done);
        expect(resultOf(events)).toMatchObject({ isError: false, content: expect.stringContaining('answer') });
        expect(resultOf(events)?.['durationMs']).toBeLessThan(2_000);
        await scene.expectNothingLeft();
      },
      { kubectl: '#!/bin/sh\nsleep 321 &\necho answer\n' },
    );
  });

  it('reliability 23: invalid UTF-8, NUL and escapes: the model gets text, the terminal no control character', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome } = await scene.ask(look);
        expect({ code, outcome }).toEqual(done);
        expect(scene.told()).toContain('good');
        expect(scene.told()).not.toContain(String.raw`\u0000`);
        const { stdout, stderr } = await scene.say(look, { flags: ['--show-tool-output'] });
        expect(stdout).toBe('Done.\n');
        expect(stderr).toContain(String.raw`\x1b[2J`);
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(stderr).not.toMatch(/[\u0000\u0007\u001b]/);
        await scene.expectNothingLeft();
      },
      {
        kubectl: String.raw`#!/bin/sh
printf 'good\377\000 \033[2J\033]0;owned\007 bad\n'
`,
      },
    );
  });

  it.each([
    ['10 MB without a newline', '#!/bin/sh\nhead -c 10000000 /dev/zero | tr "\\0" x\necho\necho needle-in-the-end\n'],
    ['1 GB', '#!/bin/sh\necho needle-in-the-beginning\nyes "I1125 a line of a log that is long and says little" | head -c 1000000000\n'],
  ])('reliability 23: %s: in bounded memory, ended at its limit at the latest, and readable afterwards', async (_, kubectl) => {
    await inScene(
      async (scene) => {
        const read = { toolCalls: [{ name: 'read_output', arguments: { ref: 'output:1', grep: 'needle' } }] };
        scene.model.enqueue({ toolCalls: [call('logs web')] }, read, { text: 'Done.' });
        const run = await scene.place.start(['--output=jsonl', '--tool-timeout=8', question], { env: scene.env });
        const peak = peakMegabytes(run.child.pid ?? 0, run.ended);
        const { code, stdout } = await run.ended;
        const { outcome, events } = readEvents(stdout);
        expect({ code, outcome }).toEqual(done);
        expect(await peak).toBeLessThan(300);
        expect(resultOf(events)?.['durationMs']).toBeLessThan(13_000);
        expect(scene.model.chats()[1]?.text.length).toBeLessThan(200_000);
        expect(events.findLast(({ type }) => type === 'tool-result')?.['content']).toContain('needle-in-the-');
        await scene.expectNothingLeft();
      },
      { kubectl },
    );
  });
});

describe('a cluster that fails', { timeout: 60_000 }, () => {
  it('reliability 24: no kubeconfig: the question is answered, and a command says why it can not run', async () => {
    await inScene(async (scene) => {
      const { code, outcome, events } = await scene.ask(look, { env: { KUBECONFIG: undefined } });
      expect({ code, outcome }).toEqual(done);
      expect(resultOf(events)).toMatchObject({ isError: true, content: expect.stringContaining('kubeconfig') });
      await scene.expectNothingLeft();
    });
  });

  it('reliability 24: a broken kubeconfig: one line that names the file, exit 2, nothing is asked', async () => {
    await inScene(async (scene) => {
      const path = `${scene.place.home}/broken`;
      await writeFile(path, 'clusters: [}\n');
      const { code, stdout, stderr } = await scene.say(look, { env: { KUBECONFIG: path } });
      expect({ code, stdout, asked: scene.model.chats() }).toEqual({ code: 2, stdout: '', asked: [] });
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(path)]);
      await scene.expectNothingLeft({ reopens: false });
    });
  });
});

describe('calls side by side', { timeout: 60_000 }, () => {
  const noting = '#!/bin/sh\necho "start $*" >> "$HOME/flight"\nsleep 0.05\necho "end $*" >> "$HOME/flight"\necho "result of $2 $3"\n';

  it('reliability 20: of 200 calls at most 8 run at once, and they are answered in order', async () => {
    await inScene(
      async (scene) => {
        const names = Array.from({ length: 200 }, (_, at) => `pod-${at}`);
        const calls = names.map((name) => call(`get pods ${name}`, { fragments: 1 }));
        const { code, outcome } = await scene.ask([{ toolCalls: calls }, { text: 'Done.' }]);
        expect({ code, outcome }).toEqual(done);
        const flight = await scene.notes('flight');
        expect(flight.filter((line) => line.startsWith('start'))).toHaveLength(200);
        expect(mostAtOnce(flight)).toBeLessThanOrEqual(8);
        expect(mostAtOnce(flight)).toBeGreaterThan(1);
        expect([...scene.told().matchAll(/result of pods (pod-\d+)/g)].map(([, name]) => name)).toEqual(names);
        await scene.expectNothingLeft();
      },
      { kubectl: noting },
    );
  });

  it('reliability 20: a write runs alone, after what came before it and before what comes after', async () => {
    await inScene(
      async (scene) => {
        const commands = ['get a', 'get b', 'scale deployment web --replicas=2', 'get c', 'get d'];
        const { code, outcome } = await scene.ask([{ toolCalls: commands.map((command) => call(command)) }, { text: 'Done.' }], {
          flags: ['--skip-permissions'],
        });
        expect({ code, outcome }).toEqual(done);
        const flight = await scene.notes('flight');
        const write = flight.findIndex((line) => line.includes('scale') && !line.includes('dry-run'));
        const before = flight.slice(0, write).join('\n');
        expect(flight[write + 1]).toBe(flight[write]?.replace('start', 'end'));
        for (const command of ['get a', 'get b']) expect(before).toMatch(new RegExp(`end .*${command}`));
        for (const command of ['get c', 'get d']) expect(before).not.toContain(command);
        await scene.expectNothingLeft();
      },
      { kubectl: noting },
    );
  });

  it('reliability 20: a write that nobody approves is not run, and the reads beside it are', async () => {
    await inScene(async (scene) => {
      const commands = ['get a', 'scale deployment web --replicas=2', 'get c', 'scale deployment db --replicas=2'];
      const { code, outcome } = await scene.ask([{ toolCalls: commands.map((command) => call(command)) }, { text: 'Done.' }]);
      expect({ code, outcome }).toEqual({ ...done, code: 3 });
      expect(await scene.ran()).toEqual(['get a', 'get c']);
      await scene.expectNothingLeft();
    });
  });
});

describe('calls without end', { timeout: 60_000 }, () => {
  it('reliability 21: endless calls stop at the limit, with the best answer so far and exit code 4', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome } = await scene.ask([], { flags: ['--max-iterations=6'] });
        expect({ code, type: outcome['type'], limit: outcome['limit'] }).toEqual({ code: 4, type: 'limit', limit: 'iterations' });
        expect(outcome['answer']).toContain('Step 5.');
        expect(scene.model.chats().length).toBeLessThanOrEqual(7);
        expect(scene.model.chats().at(-1)?.body['tools']).toBeUndefined();
        await scene.expectNothingLeft();
      },
      { script: (_, index) => ({ text: `Step ${index}. `, toolCalls: [call(`get pods pod-${index}`)] }) },
    );
  });

  it('reliability 21: the same call again and again stops at the fifth', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome } = await scene.ask([]);
        expect({ code, type: outcome['type'], limit: outcome['limit'] }).toEqual({ code: 4, type: 'limit', limit: 'equal-calls' });
        expect(outcome['answer']).not.toBe('');
        expect(await scene.ran()).toHaveLength(5);
        await scene.expectNothingLeft();
      },
      { fallback: { toolCalls: [call('get pods')] } },
    );
  });
});

function mostAtOnce(flight: readonly string[]): number {
  let now = 0;
  let most = 0;
  for (const line of flight) {
    now += line.startsWith('start') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
