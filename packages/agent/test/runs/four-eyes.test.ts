import { scriptedModel } from '@kw/providers/testing';
import { expect, it } from 'vitest';
import { type Approve, createRuns, memorySessionStore, personOf, type Principal, type Runs, type SessionStore } from '../../src/index.ts';
import { type FakeTool, fakeTool } from '../../src/testing/index.ts';

const ann: Principal = { issuer: 'token', subject: 'ann' };
const bob: Principal = { issuer: 'token', subject: 'bob' };
const cid: Principal = { issuer: 'token', subject: 'cid' };

const policy = {
  mode: 'auto',
  rules: [
    { action: 'ask', effect: 'write' },
    { action: 'ask', tool: 'fake', approveBy: 'other-person' },
  ],
} as const;

interface House {
  readonly store: SessionStore;
  readonly tool: FakeTool;
  /** Runs in a process of its own. */
  readonly process: (approve?: Approve) => Runs;
}

function house(): House {
  const store = memorySessionStore();
  const tool = fakeTool({ name: 'fake', effect: 'write' });
  const model = scriptedModel([{ toolCalls: [{ name: 'fake', arguments: { text: 'web to 3' } }] }, { text: 'done' }]);
  const process: House['process'] = (approve) =>
    createRuns({
      models: () => model,
      tools: [tool],
      settings: { model: { provider: model.provider, id: model.id }, policy },
      store,
      approvalWaitMs: 0,
      ...(approve !== undefined && { approve }),
    });
  return { store, tool, process };
}

async function parked(): Promise<House & { readonly runs: Runs; readonly approvalId: string }> {
  const made = house();
  const runs = made.process();
  await runs.start({ text: 'change it', session: 's1' }, ann);
  await runs.driveSession('s1', new AbortController().signal);
  const state = await runs.state({ session: 's1', runId: 's1.1' });
  expect(state).toMatchObject({ status: 'parked', openApproval: { approveBy: 'other-person' } });
  return { ...made, runs, approvalId: state?.openApproval?.approvalId ?? '' };
}

it('an approver in the driving process is whoever asked, so it is not asked, and nothing is run', async () => {
  const { tool, process } = house();
  let asked = 0;
  const runs = process(() => {
    asked += 1;
    return true;
  });
  await runs.start({ text: 'change it', session: 's1' }, ann);
  await runs.driveSession('s1', new AbortController().signal);
  expect(await runs.state({ session: 's1', runId: 's1.1' })).toMatchObject({ status: 'ended', unanswered: 1 });
  expect([asked, tool.ran]).toEqual([0, []]);
});

it('nor is it asked where it takes up a question that is open', async () => {
  const { approvalId, tool, process, store } = await parked();
  let asked = 0;
  const runs = process(() => {
    asked += 1;
    return true;
  });
  const info = await store.get('s1');
  await store.append('s1', [], { expectedHead: info?.head ?? 0, work: { type: 'ready' } });
  await runs.driveSession('s1', new AbortController().signal);
  expect([asked, tool.ran]).toEqual([0, []]);
  await expect(runs.answer(approvalId, { decision: 'approve' }, ann)).rejects.toMatchObject({ code: 'other-person' });
});

it('four eyes: whoever asked cannot approve, a viewer and a stranger cannot; an approver of the session can', async () => {
  const { runs, store, approvalId, tool } = await parked();
  await expect(runs.answer(approvalId, { decision: 'approve' }, ann)).rejects.toMatchObject({ code: 'other-person' });
  expect(await runs.answer(approvalId, { decision: 'approve' }, bob)).toBe('forbidden');
  await store.share('s1', [
    { person: personOf(bob), role: 'viewer' },
    { person: personOf(cid), role: 'approver' },
  ]);
  expect(await runs.answer(approvalId, { decision: 'approve' }, bob)).toBe('forbidden');
  expect(await runs.state({ session: 's1', runId: 's1.1' }, bob)).toMatchObject({ status: 'parked' });
  expect(await runs.answer(approvalId, { decision: 'approve' }, cid)).toBe('accepted');
  await runs.driveSession('s1', new AbortController().signal);
  expect(await runs.state({ session: 's1', runId: 's1.1' })).toMatchObject({ status: 'ended', outcome: { type: 'completed' } });
  expect(tool.ran).toEqual(['web to 3']);
});

it('whoever asked may decline, and a viewer neither asks nor cancels', async () => {
  const { runs, store, approvalId } = await parked();
  await store.share('s1', [{ person: personOf(bob), role: 'viewer' }]);
  await expect(runs.start({ text: 'more', session: 's1', supersede: true }, bob)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(runs.cancel({ session: 's1', runId: 's1.1' }, bob)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await runs.answer(approvalId, { decision: 'deny' }, ann)).toBe('accepted');
});
