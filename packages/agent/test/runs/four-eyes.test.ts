import { scriptedModel } from '@kw/providers/testing';
import { expect, it } from 'vitest';
import { createRuns, memorySessionStore, personOf, type Principal, type Runs, type SessionStore } from '../../src/index.ts';
import { fakeTool } from '../../src/testing/index.ts';

const ann: Principal = { issuer: 'token', subject: 'ann' };
const bob: Principal = { issuer: 'token', subject: 'bob' };
const cid: Principal = { issuer: 'token', subject: 'cid' };

async function parked(): Promise<{
  readonly runs: Runs;
  readonly store: SessionStore;
  readonly approvalId: string;
  readonly asked: () => number;
}> {
  const store = memorySessionStore();
  let asked = 0;
  const model = scriptedModel([{ toolCalls: [{ name: 'fake', arguments: { text: 'web to 3' } }] }, { text: 'done' }]);
  const runs = createRuns({
    models: () => model,
    tools: [fakeTool({ name: 'fake', effect: 'write' })],
    settings: {
      model: { provider: model.provider, id: model.id },
      policy: {
        mode: 'auto',
        rules: [
          { action: 'ask', effect: 'write' },
          { action: 'ask', tool: 'fake', approveBy: 'other-person' },
        ],
      },
    },
    store,
    approvalWaitMs: 0,
    approve: () => {
      asked += 1;
      return true;
    },
  });
  await runs.start({ text: 'change it', session: 's1' }, ann);
  await runs.driveSession('s1', new AbortController().signal);
  const state = await runs.state({ session: 's1', runId: 's1.1' });
  expect(state).toMatchObject({ status: 'parked', openApproval: { approveBy: 'other-person' } });
  return { runs, store, approvalId: state?.openApproval?.approvalId ?? '', asked: () => asked };
}

it('four eyes: whoever asked cannot approve, nor can the approver of the process; an approver of the session can', async () => {
  const { runs, store, approvalId, asked } = await parked();
  expect(asked()).toBe(0);
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
});

it('whoever asked may decline, and a viewer neither asks nor cancels', async () => {
  const { runs, store, approvalId } = await parked();
  await store.share('s1', [{ person: personOf(bob), role: 'viewer' }]);
  await expect(runs.start({ text: 'more', session: 's1', supersede: true }, bob)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(runs.cancel({ session: 's1', runId: 's1.1' }, bob)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await runs.answer(approvalId, { decision: 'deny' }, ann)).toBe('accepted');
});
