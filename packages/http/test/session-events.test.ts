import { expect, it } from 'vitest';
import { bookOf } from './book.ts';
import { scene } from './scene.ts';

interface Event {
  readonly id: string;
  readonly run: string;
  readonly done: boolean;
}

/** Reads events until so many runs have ended, then leaves. */
async function readRuns(response: Response, runs: number): Promise<readonly Event[]> {
  const events: Event[] = [];
  let rest = '';
  for await (const text of (response.body ?? new Blob([]).stream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const found = /^id: (\d+:\d+)\ndata: (\{.*\})$/.exec(block);
      if (found?.[1] === undefined || found[2] === undefined) continue;
      const { run_id: run, done } = JSON.parse(found[2]);
      events.push({ id: found[1], run, done });
    }
    if (events.filter(({ done }) => done).length >= runs) break;
  }
  return events;
}

it('a session is followed over its runs, those to come too, and again from any event without a gap or a double', async () => {
  const runs: string[] = [];
  const { post, fetch } = scene({
    turns: [{ text: 'one two' }, { text: 'three' }, { text: 'four' }],
    parts: { sessionsOf: () => bookOf(runs) },
  });
  const ask = async (): Promise<void> => {
    const asking = post('/api/v1/chat', { query: 'x', session_id: 's1' });
    runs.push(`s1.${runs.length + 1}`);
    await asking;
  };
  await ask();
  const following = fetch('/api/v1/sessions/s1/events').then((response) => readRuns(response, 3));
  await ask();
  await ask();
  const all = await following;
  expect(all.filter(({ done }) => done).map(({ run }) => run)).toEqual(['s1.1', 's1.2', 's1.3']);
  for (const [index, { id }] of all.slice(0, -1).entries()) {
    const left = all.slice(index + 1);
    const again = await readRuns(
      await fetch('/api/v1/sessions/s1/events', { headers: { 'last-event-id': id } }),
      left.filter(({ done }) => done).length,
    );
    expect(again.filter(({ done }) => done)).toEqual(left.filter(({ done }) => done));
    expect(again.at(-1)).toEqual(all.at(-1));
  }
});

it('refuses what is no cursor and no session', async () => {
  const { fetch } = scene({ parts: { sessionsOf: () => bookOf([]) } });
  expect((await fetch('/api/v1/sessions/s1/events?cursor=x')).status).toBe(400);
  expect((await fetch('/api/v1/sessions/%20/events')).status).toBe(404);
});

it('refuses a cursor beyond the last event and one that is the id of none', async () => {
  const { post, fetch } = scene({ turns: [{ text: 'one two' }], parts: { sessionsOf: () => bookOf(['s1.1']) } });
  await post('/api/v1/chat', { query: 'x', session_id: 's1' });
  for (const cursor of ['999:0', '1:99999', '0:99999']) {
    const refused = await fetch('/api/v1/sessions/s1/events', { headers: { 'last-event-id': cursor } });
    expect([cursor, refused.status, (await refused.json()).error.code]).toEqual([cursor, 400, 'bad-cursor']);
  }
});
