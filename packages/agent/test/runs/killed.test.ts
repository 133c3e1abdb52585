import { describe, expect, it, vi } from 'vitest';
import { memorySessionStore, type AgentEvent, type Cursor, type Runs, systemClock } from '../../src/index.ts';
import { faultyStore, fakeTool, type FakeTool, shiftedClock, type StoreFault, textOfEvents } from '../../src/testing/index.ts';
import { alice, checkLog, entriesOf, modelByResults, testRuns } from '../support.ts';

const answer = ['It ', 'is ', 'done', '.'];

interface World {
  readonly looked: FakeTool;
  readonly changed: FakeTool;
}

interface Variant {
  readonly fault: StoreFault;
  /** Lets each delta reach the store before the next one comes. */
  readonly slow?: boolean;
  /** Nobody answers in the driving process: the run parks, and a reader elsewhere answers. */
  readonly parks?: boolean;
}

function runsOver(store: Parameters<typeof testRuns>[2], world: World, { slow = false, parks = false }: Variant): Runs {
  const wait = slow ? { wait: () => systemClock.sleep(27) } : {};
  const model = modelByResults([
    {
      ...wait,
      reasoning: 'think',
      text: ['Let ', 'me look.'],
      toolCalls: [
        { name: 'look', arguments: { text: 'a' } },
        { name: 'look', arguments: { text: 'b' } },
      ],
    },
    { toolCalls: [{ name: 'change', arguments: { text: 'x' } }] },
    { ...wait, text: answer },
  ]);
  return testRuns(model, [world.looked, world.changed], {
    ...(parks ? { approvalWaitMs: 5 } : { approve: () => true, approvalWaitMs: 10_000 }),
    ...store,
  });
}

/** Drives a run until the process dies at its n-th operation, then lets another one go on; false where n was never reached. */
async function killAt(at: number, variant: Variant): Promise<boolean> {
  const clock = shiftedClock();
  const store = memorySessionStore({ now: clock.now });
  const world: World = {
    looked: fakeTool(),
    changed: fakeTool({ name: 'change', effect: 'write', preview: () => ({ objects: [], warnings: [], stateHash: 's' }) }),
  };
  const dying = faultyStore(store, { at, fault: variant.fault });
  const first = runsOver({ store: dying, clock, leaseTtlMs: 30_000 }, world, variant);
  const second = runsOver({ store, clock, leaseTtlMs: 30_000 }, world, variant);
  const ref = await second.start({ text: 'do it', session: 's' }, alice);

  // A reader of the second process that comes back with its cursor after every event.
  const events: AgentEvent[] = [];
  const reading = readWithCursor(second, ref, events);
  const gone = new AbortController();
  const driving = first.driveSession('s', gone.signal).then(() => 'ended' as const);
  const how = await Promise.race([driving, reachedQuiet(dying, at)]);
  const dead = how === 'dead' || dying.operations() >= at;
  if (dead) clock.advance(31_000);
  if (dead || variant.parks === true) {
    const stop = new AbortController();
    const other = second.drive(stop.signal);
    await reading;
    stop.abort();
    await other;
  }
  await reading;
  const entries = await entriesOf(store, 's');
  checkLog(entries);
  expect(entries.filter(({ entry }) => entry.type === 'run-end')).toHaveLength(1);
  expect(world.changed.ran.length, 'the write ran at most once').toBeLessThanOrEqual(1);
  expect(world.looked.ran.toSorted().join(), 'no read ran twice').toMatch(/^(a(,b)?|b)?$/);
  const end = events.filter((event) => event.type === 'run-end');
  expect(end).toHaveLength(1);
  expect(end[0]).toMatchObject({ outcome: { type: 'completed', answer: answer.join('') } });
  expect(textOfEvents(events)).toBe(`Let me look.${answer.join('')}`);
  const interrupted = entries.some(
    ({ entry }) => entry.type === 'tool-result' && entry.message.name === 'change' && entry.outcome === 'interrupted',
  );
  expect(interrupted || world.changed.ran.length === 1, 'it ran, or is told to be interrupted').toBe(true);
  return dead;
}

async function readWithCursor(runs: Runs, ref: { session: string; runId: string }, events: AgentEvent[]): Promise<void> {
  let after: Cursor | undefined;
  for (;;)
    for await (const event of runs.follow(ref, after === undefined ? {} : { after })) {
      events.push(event);
      if (event.type === 'approval-request') await runs.answer(event.request.approvalId, { decision: 'approve' }, alice);
      after = event.cursor;
      if (event.type === 'run-end') return;
      break;
    }
}

async function reachedQuiet(store: ReturnType<typeof faultyStore>, at: number): Promise<'dead'> {
  while (store.operations() < at) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 5));
  return 'dead';
}

const variants: readonly Variant[] = (['halt-before', 'halt-after'] as const).flatMap((fault) => [
  { fault },
  { fault, slow: true },
  { fault, parks: true },
]);

const batch = 8;

describe.each(variants)('a process that dies (%o)', (variant) => {
  it('at any operation loses nothing, doubles nothing and leaves a history that models take', { timeout: 120_000 }, async () => {
    let at = 1;
    for (;;) {
      const died = await Promise.all(Array.from({ length: batch }, (_, index) => killAt(at + index, variant)));
      at += died.filter(Boolean).length;
      if (died.includes(false)) break;
    }
    expect(at).toBeGreaterThan(10);
  });
});

it('another process goes on within five seconds of a kill', async () => {
  const store = memorySessionStore();
  const slow = { wait: () => systemClock.sleep(20), text: answer };
  const dying = faultyStore(store, { at: 1, fault: 'halt-before', only: ['appendPartial'] });
  const first = testRuns(modelByResults([slow]), [], { store: dying, pollMs: 1_000 });
  const second = testRuns(modelByResults([slow]), [], { store, pollMs: 1_000 });
  const ref = await second.start({ text: 'q', session: 's' }, alice);
  const gone = new AbortController();
  void first.driveSession('s', gone.signal);
  await vi.waitUntil(() => dying.operations() >= 1, { interval: 1 });
  const killedAt = performance.now();
  const stop = new AbortController();
  const driving = second.drive(stop.signal);
  for await (const event of second.follow(ref)) if (event.type === 'run-end') break;
  expect(performance.now() - killedAt).toBeLessThan(5_500);
  stop.abort();
  await driving;
  gone.abort();
}, 20_000);
