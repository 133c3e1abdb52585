import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import {
  isKwError,
  memorySessionStore,
  personOf,
  type RunRef,
  type Runs,
  type RunsOptions,
  type SessionStore,
  type Tool,
  type ToolAnswer,
} from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool } from '../../src/testing/index.ts';
import { alice, bob, checkLog, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;

/** A tool that asks while it runs, and what it was told. */
function asking(): Tool & { readonly heard: ToolAnswer[]; readonly effect: 'write' } {
  const tool = fakeTool({ name: 'change', effect: 'write' });
  const heard: ToolAnswer[] = [];
  return {
    ...tool,
    heard,
    effect: 'write',
    prepare: (json, scope) => ({
      ...tool.prepare(json, scope),
      async *run({ ask }) {
        const answer = await ask?.({ text: 'MCP server "ops" asks: Really?', reasons: ['a yes goes on'] });
        if (answer !== undefined) heard.push(answer);
        yield { type: 'output', stream: 'stdout', text: `heard ${answer?.type ?? 'nothing'}` };
        yield { type: 'result', isError: false };
      },
    }),
  };
}

const model = () => scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'done' }]);

/** Runs whose calls need no leave, so that every question is one of a running call. */
function runsOver(store: SessionStore, tool: Tool, options: Partial<RunsOptions> = {}): Runs {
  const scripted = model();
  return testRuns(scripted, [tool], {
    store,
    settings: {
      model: { provider: scripted.provider, id: scripted.id },
      policy: { mode: 'ask-writes', rules: [{ action: 'allow', tool: 'change' }] },
    },
    ...options,
  });
}

const codeOf = (error: unknown): string => (isKwError(error) ? error.code : String(error));

async function untilAsked(runs: Runs, ref: RunRef): Promise<string> {
  for await (const event of runs.follow(ref)) if (event.type === 'approval-request') return event.request.approvalId;
  throw new Error('nothing was asked');
}

describe('a question of a running call', () => {
  it('is in the log, answered in another process, and the call goes on with the answer', async () => {
    for (const [decision, heard] of [
      ['approve', { type: 'yes' }],
      ['deny', { type: 'no', reason: 'not on Friday' }],
    ] as const) {
      const store = memorySessionStore();
      const tool = asking();
      const runs = runsOver(store, tool);
      const ref = await runs.start({ text: 'q', session: 's' }, alice);
      const driving = runs.driveSession('s', forever);
      const other = runsOver(store, asking());
      const approvalId = await untilAsked(other, ref);
      expect((await other.state(ref))?.openApproval).toMatchObject({
        question: true,
        summary: 'MCP server "ops" asks: Really?',
        reasons: ['a yes goes on'],
      });
      expect(await other.answer(approvalId, { decision, reason: 'not on Friday' }, bob)).toBe('forbidden');
      expect(await other.answer(approvalId, { decision, reason: 'not on Friday' }, alice)).toBe('accepted');
      await driving;
      expect(tool.heard).toEqual([heard]);
      const events = await collectEvents(other.follow(ref));
      expect(eventOf(events, 'run-end').outcome.type).toBe('completed');
      expect(eventOf(events, 'tool-result')).toMatchObject({ outcome: 'ran' });
      checkLog(await entriesOf(store, 's'));
    }
  });

  it('is answered by whoever must approve the call, where that is another person', async () => {
    const store = memorySessionStore();
    const tool = asking();
    const { provider, id } = model();
    const policy = { mode: 'ask-writes', rules: [{ action: 'ask', tool: 'change', approveBy: 'other-person' }] } as const;
    const runs = runsOver(store, tool, { approvalWaitMs: 60_000, settings: { model: { provider, id }, policy } });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    await store.share('s', [{ person: personOf(bob), role: 'approver' }]);
    const driving = runs.driveSession('s', forever);
    const answers: string[] = [];
    for await (const event of runs.follow(ref)) {
      if (event.type !== 'approval-request') continue;
      const { approvalId } = event.request;
      answers.push(await runs.answer(approvalId, { decision: 'approve' }, alice).catch((error: unknown) => codeOf(error)));
      answers.push(await runs.answer(approvalId, { decision: 'approve' }, bob));
    }
    await driving;
    expect(answers).toEqual([
      expect.stringMatching(/forbidden|other-person/),
      'accepted',
      expect.stringMatching(/forbidden|other-person/),
      'accepted',
    ]);
    expect(tool.heard).toEqual([{ type: 'yes' }]);
  });

  it('waits longer than an approval does before its run parks, for it cannot be parked', async () => {
    const store = memorySessionStore();
    const tool = asking();
    const runs = runsOver(store, tool, { approvalWaitMs: 5 });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', forever);
    const approvalId = await untilAsked(runs, ref);
    await expect.poll(async () => (await runs.state(ref))?.status, { interval: 30 }).toBe('running');
    expect(await runs.answer(approvalId, { decision: 'approve' }, alice)).toBe('accepted');
    await driving;
    expect(tool.heard).toEqual([{ type: 'yes' }]);
    expect((await collectEvents(runs.follow(ref))).map(({ type }) => type)).not.toContain('run-parked');
  });

  it('is nobody’s to answer where its time is over, where nobody is asked in a run, and where nothing waits', async () => {
    for (const options of [{ approvalTtlMs: 20 }, { approvalWaitMs: 0 }] satisfies Partial<RunsOptions>[]) {
      const tool = asking();
      const runs = runsOver(memorySessionStore(), tool, options);
      await runs.start({ text: 'q', session: 's' }, alice);
      await runs.driveSession('s', forever);
      expect(tool.heard).toMatchObject([{ type: 'nobody' }]);
    }
    const tool = asking();
    const runs = runsOver(memorySessionStore(), tool);
    await runs.start({ text: 'q', session: 's', settings: { approvals: 'none' } }, alice);
    await runs.driveSession('s', forever);
    expect(tool.heard).toMatchObject([{ type: 'nobody' }]);
  });

  it('ends with its run where that is cancelled, or its session goes on with another message', async () => {
    for (const end of ['cancel', 'supersede'] as const) {
      const store = memorySessionStore();
      const tool = asking();
      const runs = runsOver(store, tool);
      const ref = await runs.start({ text: 'q', session: 's' }, alice);
      const driving = runs.driveSession('s', forever);
      await untilAsked(runs, ref);
      if (end === 'cancel') await runs.cancel(ref, alice);
      else await runs.start({ text: 'another', session: 's', supersede: true }, alice);
      await driving;
      expect(tool.heard).toEqual([]);
      expect(eventOf(await collectEvents(runs.follow(ref)), 'run-end').outcome.type).toBe('cancelled');
    }
  });

  it('of a process that died has expired, and its call is interrupted, not run again', async () => {
    const store = memorySessionStore();
    const runs = runsOver(store, asking(), { leaseTtlMs: 100 });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const dying = new AbortController();
    const driving = runs.driveSession('s', dying.signal).catch(() => undefined);
    const approvalId = await untilAsked(runs, ref);
    dying.abort();
    await driving;
    const tool = asking();
    const other = testRuns(scriptedModel([{ text: 'done' }]), [tool], { store });
    await other.driveSession('s', forever);
    expect(tool.heard).toEqual([]);
    expect(await other.answer(approvalId, { decision: 'approve' }, alice)).toBe('expired');
    expect(eventOf(await collectEvents(other.follow(ref)), 'tool-result').outcome).toBe('interrupted');
    checkLog(await entriesOf(store, 's'));
  });

  it('is not there for a call that only reads', async () => {
    let given: unknown = 'unset';
    const look = fakeTool({ name: 'change' });
    const tool: Tool = {
      ...look,
      prepare: (json, scope) => ({
        ...look.prepare(json, scope),
        async *run({ ask }) {
          given = ask;
          yield { type: 'result', isError: false };
        },
      }),
    };
    const runs = testRuns(model(), [tool]);
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(given).toBeUndefined();
  });
});
