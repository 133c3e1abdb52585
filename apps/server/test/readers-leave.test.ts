import { memorySessionStore } from '@kw/agent';
import { fakeTool } from '@kw/agent/testing';
import { describe, expect, it } from 'vitest';
import { gate, serve } from './scene.ts';
import { deltas, readAll, readStream, type Received } from './streams.ts';

/** Text and everything else, apart: text that was written meanwhile may come in other pieces. */
function partsOf(events: readonly Received[]): { readonly text: string; readonly acts: readonly string[] } {
  const acts = events.filter(({ data }) => data['delta'] === '' || data['done'] === true);
  return { text: deltas(events), acts: acts.map(({ id, data }) => `${id} ${JSON.stringify(data['activity'] ?? data['status'])}`) };
}

/** Reads until an event that fits, then leaves: the connection is closed. */
async function readUntil(response: Response, fits: (event: Received) => boolean): Promise<readonly Received[]> {
  const events: Received[] = [];
  for await (const event of readStream(response)) {
    events.push(event);
    if (fits(event)) break;
  }
  return events;
}

function activityOf({ data }: Received): unknown {
  return Reflect.get(Object(data['activity']), 'type');
}

const stream = (url: string, cursor = ''): Promise<Response> =>
  fetch(`${url}/api/v1/runs/s1.1/stream`, { headers: cursor === '' ? {} : { 'last-event-id': cursor } });
const call = (text: string): { readonly name: string; readonly arguments: { readonly text: string } } => ({
  name: 'work',
  arguments: { text },
});

describe('reliability 29: a reader leaves, and comes back to another replica with Last-Event-ID', () => {
  it('in text: the run goes on; nothing is missing and nothing comes twice', async () => {
    const half = gate();
    const sessions = memorySessionStore();
    let deltasWritten = 0;
    const wait = (): Promise<void> => {
      deltasWritten += 1;
      return deltasWritten > 2 ? half.opened : Promise.resolve();
    };
    const turns = [{ text: ['one ', 'two ', 'three ', 'four'], wait }];
    const first = await serve({ sessions, turns });
    const second = await serve({ sessions, turns });
    const before = await readUntil(
      await first.post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }),
      ({ data }) => data['delta'] !== '' && data['delta'] !== undefined,
    );
    half.open();
    const after = await readAll(await stream(second.url, before.at(-1)?.id));
    expect(after.at(-1)?.data).toMatchObject({ done: true, status: 'completed', response: 'one two three four' });
    expect(partsOf([...before, ...after])).toEqual(partsOf(await readAll(await stream(first.url))));
  });

  it('in a tool call: the call ends, the run goes on, and the tool has run once', async () => {
    const begun = gate();
    const done = gate();
    const work = fakeTool({
      name: 'work',
      output: async () => {
        begun.open();
        await done.opened;
        return 'three pods';
      },
    });
    const sessions = memorySessionStore();
    const turns = [{ text: 'I look.', toolCalls: [call('pods')] }, { text: 'Three.' }];
    const first = await serve({ sessions, tools: [work], turns });
    const second = await serve({ sessions, tools: [work], turns });
    const before = await readUntil(
      await first.post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }),
      (event) => activityOf(event) === 'tool-start',
    );
    await begun.opened;
    done.open();
    const after = await readAll(await stream(second.url, before.at(-1)?.id));
    expect(after.map(activityOf)).toContain('tool-result');
    expect(after.at(-1)?.data).toMatchObject({ done: true, response: 'Three.' });
    expect(partsOf([...before, ...after])).toEqual(partsOf(await readAll(await stream(first.url))));
    expect(work.ran).toEqual(['pods']);
  });

  it('at an approval: the run parks, takes its answer at another replica, and resumes exactly once', async () => {
    const work = fakeTool({ name: 'work', effect: 'write' });
    const sessions = memorySessionStore();
    const turns = [{ text: 'I would.', toolCalls: [call('web to 3')] }, { text: 'Done.' }];
    const first = await serve({ sessions, tools: [work], turns, approvalWaitMs: 50 });
    const before = await readUntil(
      await first.post('/api/v1/chat/stream', { query: 'scale', session_id: 's1' }),
      ({ data }) => data['status'] === 'awaiting_approval',
    );
    const id = String(Reflect.get(Object(before.at(-1)?.data['approval']), 'id'));
    // Parked: the process that drove it may end.
    const parked = await readAll(await stream(first.url, before.at(-1)?.id));
    expect(parked.every(({ data }) => data['done'] === false)).toBe(true);
    await first.server.stop();
    expect(work.ran).toEqual([]);

    const others = await Promise.all([1, 2].map(() => serve({ sessions, tools: [work], turns: [{ text: 'Done.' }] })));
    const answers = await Promise.all(
      others.flatMap(({ post }) => [1, 2].map(() => post(`/api/v1/approvals/${id}`, { decision: 'approve' }))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    const [one, other] = others;
    const cursor = before.at(-1)?.id;
    const afters = await Promise.all([one, other].map(async (replica) => readAll(await stream(replica?.url ?? '', cursor))));
    for (const after of afters) {
      expect(after.at(-1)?.data).toMatchObject({ done: true, status: 'completed', response: 'Done.' });
      expect(partsOf([...before, ...after])).toEqual(partsOf(await readAll(await stream(other?.url ?? ''))));
    }
    expect(afters[0]?.filter((event) => activityOf(event) === 'run-resumed')).toHaveLength(1);
    expect(work.ran).toEqual(['web to 3']);
  });
});
