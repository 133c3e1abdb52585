import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { expect, it, onTestFinished } from 'vitest';
import { type Replica, startReplica } from './replica.ts';
import { type Received, readStream } from './streams.ts';

const runs = 10;
const readersPerRun = 4;
const kills = 2;
const longestVisit = 60;

/** What a reader holds: the text and the reasoning of each message, and what else happened with its place. */
interface Held {
  readonly messages: readonly string[];
  readonly acts: readonly string[];
  readonly response: unknown;
  readonly cursor: string | undefined;
  readonly open: string;
}

const nothing: Held = { messages: [], acts: [], response: undefined, cursor: undefined, open: '' };

function take(held: Held, { id, data }: Received): Held {
  const activity = Object(data['activity']);
  const type: unknown = activity.type;
  if (type === 'reasoning-delta') return { ...held, cursor: id, open: `${held.open}${activity.text}` };
  if (data['delta'] !== '' && data['done'] !== true) return { ...held, cursor: id, open: `${held.open}${String(data['delta'])}` };
  const acts = [...held.acts, `${id} ${String(type ?? data['status'])}`];
  if (type === 'message-discarded') return { ...held, cursor: id, acts, open: '' };
  if (type === 'turn-end') return { ...held, cursor: id, acts, messages: [...held.messages, held.open], open: '' };
  return data['done'] === true ? { ...held, cursor: id, acts, response: data['response'] } : { ...held, cursor: id, acts };
}

// Each attempt says something else, so that a double of an attempt that was given up is seen; letters are cut in half.
function words(name: string, { attempt, count }: { readonly attempt: number; readonly count: number }): readonly string[] {
  return Array.from({ length: count }, (_, at) => [`${name}.${attempt}.${at} \ud83d`, '\ude00 ']).flat();
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

it('readers that come and go at any place, while the process is killed with -9 in the middle of streams, hold exactly what the log holds', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kw-streams-fuzz-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'state'));
  const random = generator(29);
  const attempts = new Map<string, number>();
  const model = await startScriptedServer({
    script: ({ text }) => {
      const task = /task (k\d+)/.exec(text)?.[1] ?? '';
      const attempt = (attempts.get(task) ?? 0) + 1;
      attempts.set(task, attempt);
      return { reasoning: words('thought', { attempt, count: 20 }), text: words(task, { attempt, count: 100 }), delayMs: 8 };
    },
  });
  onTestFinished(() => model.close());
  let up: Promise<Replica> = startReplica({ directory, endpoint: model.url });
  onTestFinished(async () => (await up).kill());
  const first = await up;
  const tasks = Array.from({ length: runs }, (_, at) => `k${at}`);
  const asked = await Promise.all(
    tasks.map(async (task) => {
      const body = JSON.stringify({ query: `task ${task}`, session_id: task });
      const answer = await fetch(`${first.url}/api/v1/chat/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      await answer.body?.cancel();
      return answer.status;
    }),
  );
  expect(new Set(asked)).toEqual(new Set([200]));

  const visit = async (task: string, before: Held): Promise<Held> => {
    let held = before;
    const { url } = await up;
    const answer = await fetch(`${url}/api/v1/runs/${task}.1/stream`, {
      headers: held.cursor === undefined ? {} : { 'last-event-id': held.cursor },
    }).catch(() => undefined); // killed
    if (answer === undefined) return held;
    expect(answer.status, `${task} at ${held.cursor}`).toBe(200);
    let left = 1 + Math.floor(random() * longestVisit);
    try {
      for await (const event of readStream(answer)) {
        held = take(held, event);
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // a connection that was cut
    }
    return held;
  };
  const read = async (task: string): Promise<Held> => {
    let held = nothing;
    while (held.response === undefined) {
      held = await visit(task, held);
      await pause(random() * 50);
    }
    return held;
  };
  const reading = Promise.all(tasks.flatMap((task) => Array.from({ length: readersPerRun }, () => read(task))));
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(500 + random() * 700);
    const victim = await up;
    const { promise, resolve } = Promise.withResolvers<Replica>();
    up = promise;
    await victim.kill();
    resolve(await startReplica({ directory, endpoint: model.url }));
  }
  const all = await reading;
  for (const [at, task] of tasks.entries()) {
    let logged = nothing;
    for await (const event of readStream(await fetch(`${(await up).url}/api/v1/runs/${task}.1/stream`))) logged = take(logged, event);
    expect(logged.acts.filter((act) => act.endsWith('turn-end'))).toHaveLength(1);
    expect(String(logged.messages.at(-1)).trimEnd().endsWith(String(logged.response))).toBe(true);
    for (const held of all.slice(at * readersPerRun, (at + 1) * readersPerRun)) expect(held).toEqual(logged);
  }
  expect(Math.max(...attempts.values())).toBeGreaterThan(1);
  for (const cursor of ['-1', 'text', '1', '1:-1', '99999999999999999999:0'])
    expect((await fetch(`${(await up).url}/api/v1/runs/k0.1/stream?cursor=${cursor}`)).status).toBe(400);
}, 120_000);
