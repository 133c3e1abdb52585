import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { type AgentEvent, type Cursor, memorySessionStore, type RunRef, type Runs, systemClock } from '../../src/index.ts';
import { collectEvents, fakeTool, textOfEvents } from '../../src/testing/index.ts';
import { alice, bob, testRuns } from '../support.ts';

const tools = [fakeTool()];

function story(wait?: () => Promise<void>): ReturnType<typeof scriptedModel> {
  const slow = wait === undefined ? {} : { wait };
  return scriptedModel([
    {
      ...slow,
      reasoning: ['I ', 'think'],
      text: ['Let ', 'me 😀', ' look.'],
      toolCalls: [
        { name: 'look', arguments: { text: 'a' } },
        { name: 'look', arguments: { text: 'b' } },
      ],
    },
    { ...slow, text: ['Half an ans'], retries: [{ attempt: 1, delayMs: 0, code: 'overloaded', message: 'busy', discarded: false }] },
  ]);
}

async function runToEnd(runs: Runs): Promise<RunRef> {
  const ref = await runs.start({ text: 'q' }, alice);
  await runs.driveSession(ref.session, new AbortController().signal);
  return ref;
}

/** Neighbouring deltas of one kind put together: how the text was cut is not promised. */
function joined(events: readonly AgentEvent[]): readonly unknown[] {
  const all: { type: string; text?: string }[] = [];
  for (const { cursor: _, ...event } of events) {
    const last = all.at(-1);
    if ((event.type === 'text-delta' || event.type === 'reasoning-delta') && last?.type === event.type)
      last.text = (last.text ?? '') + event.text;
    else all.push({ ...event });
  }
  return all;
}

describe('a reader that comes back', () => {
  it('with any cursor of an ended run, in another process, gets no gap and no double', async () => {
    const store = memorySessionStore();
    const runs = testRuns(story(), tools, { store });
    const other = testRuns(story(), tools, { store });
    const ref = await runToEnd(runs);
    const whole = await collectEvents(runs.follow(ref));
    for (const [index, { cursor }] of whole.entries()) {
      const rest = await collectEvents(other.follow(ref, { after: cursor }));
      expect(joined([...whole.slice(0, index + 1), ...rest])).toEqual(joined(whole));
    }
  });

  it('with a cursor inside any delta gets exactly the rest', async () => {
    const runs = testRuns(story(), tools);
    const ref = await runToEnd(runs);
    const whole = await collectEvents(runs.follow(ref));
    const first = whole.findIndex((event) => event.type === 'reasoning-delta');
    const base = Number(whole[first]?.cursor.split(':')[0]);
    const text = 'I thinkLet me 😀 look.';
    for (let offset = 0; offset <= text.length; offset += 1) {
      const rest = await collectEvents(runs.follow(ref, { after: `${base}:${offset}` }));
      const end = rest.findIndex((event) => event.type === 'tool-call');
      expect(
        rest
          .slice(0, end)
          .map((event) => ('text' in event ? event.text : ''))
          .join(''),
      ).toBe(text.slice(offset));
    }
  });

  it('while the message is being written, at every event and across two processes, sees what a steady reader sees', async () => {
    const store = memorySessionStore();
    const steady: AgentEvent[] = [];
    // The model's next piece comes when the reader has the last one, however slow the machine; one that is held back shows with the next.
    const untilSeen = async (): Promise<void> => {
      const before = steady.length;
      for (let look = 0; look < 50 && steady.length === before; look += 1) await systemClock.sleep(5);
    };
    const runs = testRuns(story(untilSeen), tools, { store });
    const other = testRuns(story(), tools, { store });
    const ref = await runs.start({ text: 'q' }, alice);
    const driving = runs.driveSession(ref.session, new AbortController().signal);
    const read = async (): Promise<void> => {
      for await (const event of runs.follow(ref)) steady.push(event);
    };
    const [, hopping, late] = await Promise.all([read(), hop(ref, [runs, other]), slow(other, ref), driving]);
    const ended = joined(await collectEvents(runs.follow(ref)));
    expect(joined(steady)).toEqual(ended);
    expect(joined(hopping)).toEqual(ended);
    expect(joined(late)).toEqual(ended);
    expect(steady.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(3);
    expect(textOfEvents(steady)).toBe('Let me 😀 look.Half an ans');
  });

  it('never gets half a letter', async () => {
    const model = scriptedModel([{ text: '😀😀😀'.split(''), wait: () => systemClock.sleep(15) }]);
    const runs = testRuns(model, []);
    const ref = await runs.start({ text: 'q' }, alice);
    const [events] = await Promise.all([collectEvents(runs.follow(ref)), runs.driveSession(ref.session, new AbortController().signal)]);
    expect(events.filter((event) => event.type === 'text-delta' && !event.text.isWellFormed())).toEqual([]);
    expect(textOfEvents(events)).toBe('😀😀😀');
  });

  it('gets a very long text in deltas of at most 64 Ki units, while it is written and later, and takes it up within', async () => {
    const text = `x${'😀'.repeat(100_000)}`;
    const runs = testRuns(scriptedModel([{ reasoning: text, text: [text, 'End.'] }]), []);
    const ref = await runs.start({ text: 'q' }, alice);
    const [live] = await Promise.all([collectEvents(runs.follow(ref)), runs.driveSession(ref.session, new AbortController().signal)]);
    for (const events of [live, await collectEvents(runs.follow(ref))]) {
      const deltas = events.filter((event) => event.type === 'text-delta' || event.type === 'reasoning-delta');
      expect(deltas.length).toBeGreaterThan(7);
      expect(deltas.filter((delta) => delta.text.length > 65_536 || !delta.text.isWellFormed())).toEqual([]);
      expect(joined(deltas)).toEqual([
        expect.objectContaining({ type: 'reasoning-delta', text }),
        expect.objectContaining({ type: 'text-delta', text: `${text}End.` }),
      ]);
      const at = events.findLastIndex((event) => event.type === 'text-delta' && event.text.length > 4);
      const rest = await collectEvents(runs.follow(ref, { after: events[at]?.cursor ?? '0:0' }));
      expect(joined([...events.slice(0, at + 1), ...rest])).toEqual(joined(events));
    }
  });

  it("is told that a cursor is none, that a run is not there, that a session is another's", async () => {
    const runs = testRuns(story(), tools);
    const ref = await runToEnd(runs);
    const bad: string = 'x';
    await expect(collectEvents(runs.follow(ref, { after: bad as Cursor }))).rejects.toMatchObject({ code: 'bad-cursor' }); // what a client may send
    await expect(collectEvents(runs.follow({ session: 'none', runId: 'none.1' }))).rejects.toMatchObject({ code: 'unknown-run' });
    await expect(collectEvents(runs.follow(ref, { by: bob }))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await runs.state(ref, bob)).toBeUndefined();
  });

  it('leaving stops nothing', async () => {
    const runs = testRuns(
      story(() => systemClock.sleep(5)),
      tools,
    );
    const ref = await runs.start({ text: 'q' }, alice);
    const driving = runs.driveSession(ref.session, new AbortController().signal);
    for await (const event of runs.follow(ref)) if (event.type === 'reasoning-delta') break;
    await driving;
    expect((await runs.state(ref))?.outcome).toMatchObject({ type: 'completed' });
  });
});

it('the cursors of the state frame the run', async () => {
  const runs = testRuns(story(), tools);
  const ref = await runToEnd(runs);
  const state = await runs.state(ref);
  expect(state).toMatchObject({ status: 'ended', from: '0:0' });
  expect(await collectEvents(runs.follow(ref, { after: state?.from ?? '0:0' }))).toEqual(await collectEvents(runs.follow(ref)));
  expect((await collectEvents(runs.follow(ref))).at(-1)?.cursor).toBe(state?.cursor);
});

it('old progress is not shown to a reader that comes late, new progress is', async () => {
  const gate = Promise.withResolvers<void>();
  const shown = Promise.withResolvers<void>();
  const base = fakeTool();
  const tool = {
    ...base,
    prepare: (argumentsJson: string) => ({
      ...base.prepare(argumentsJson, {}),
      run: async function* () {
        yield { type: 'progress', message: 'one' } as const;
        await gate.promise;
        yield { type: 'progress', message: 'two' } as const;
        await shown.promise;
        yield { type: 'result', isError: false } as const;
      },
    }),
  };
  const runs = testRuns(scriptedModel([{ toolCalls: [{ name: 'look', arguments: { text: 'a' } }] }, { text: 'ok' }]), [tool]);
  const ref = await runs.start({ text: 'q' }, alice);
  const driving = runs.driveSession(ref.session, new AbortController().signal);
  const seen: string[] = [];
  for await (const event of runs.follow(ref)) if (event.type === 'tool-progress') break;
  for await (const event of runs.follow(ref)) {
    if (event.type === 'tool-start') gate.resolve();
    if (event.type === 'tool-progress') seen.push(event.message);
    if (seen.length > 0) shown.resolve();
  }
  await driving;
  expect(seen).toEqual(['two']);
});

async function hop(ref: RunRef, processes: readonly Runs[]): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  let after: Cursor | undefined;
  for (let turn = 0; ; turn += 1)
    for await (const event of processes[turn % processes.length]?.follow(ref, after === undefined ? {} : { after }) ?? []) {
      events.push(event);
      after = event.cursor;
      if (event.type === 'run-end') return events;
      break;
    }
}

async function slow(runs: Runs, ref: RunRef): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of runs.follow(ref)) {
    events.push(event);
    await systemClock.sleep(20);
  }
  return events;
}
