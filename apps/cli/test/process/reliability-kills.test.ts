import type { ServerTurn } from '@kw/providers/testing';
import { describe, it, vi } from 'vitest';
import { call, inScene, question } from './scene.ts';

const kubectl = '#!/bin/sh\ncase "$*" in *--dry-run*) exit 0;; esac\necho "$@" >> "$HOME/ran"\nsleep 0.1\necho fine\n';

/** Three steps with a write and a read each, then the answer; and so on for the next question. */
function turnOf(index: number): ServerTurn {
  if (index % 4 === 3) return { text: ['All ', 'done.'], delayMs: 20 };
  const toolCalls = [call(`scale deployment web-${index} --replicas=2`), call(`get pods pod-${index}`)];
  return { text: ['Step ', `${index}.`], delayMs: 20, toolCalls };
}

/** The tests wait for leases, so they run side by side. */
describe.concurrent('a process that is killed', { timeout: 90_000 }, () => {
  it.for([0, 200, 450, 800])(
    'reliability 26: by kill -9 %i ms after its first request: the session opens, no write is repeated, the next request is valid',
    async (afterMs, { expect }) => {
      await inScene(
        async (scene) => {
          const { place, model, env } = scene;
          const run = await place.start(['--skip-permissions', question], { env });
          await vi.waitFor(() => expect(model.chats()).not.toEqual([]), { timeout: 30_000, interval: 5 });
          await new Promise((done) => setTimeout(done, afterMs));
          run.child.kill('SIGKILL');
          await run.ended;
          expect(await place.run(['resume'], { env })).toMatchObject({ code: 0 });
          expect(await place.run(['--skip-permissions', '--resume-session=latest', 'again'], { env })).toMatchObject({ code: 0 });
          const writes = (await scene.notes('ran')).flatMap((line) => /scale .*(web-\d+)/.exec(line)?.[1] ?? []);
          expect(writes).toEqual([...new Set(writes)]);
          await scene.expectNothingLeft();
        },
        { kubectl, script: (_, index) => turnOf(index) },
      );
    },
  );
});
