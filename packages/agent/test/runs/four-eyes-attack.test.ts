import { scriptedModel } from '@kw/providers/testing';
import { expect, it } from 'vitest';
import { createRuns, memorySessionStore, personOf, type Principal } from '../../src/index.ts';
import { fakeTool } from '../../src/testing/index.ts';

const ann: Principal = { issuer: 'https://id.example', subject: '7', name: 'ann@example.org' };
const policy = { mode: 'auto', rules: [{ action: 'ask', tool: 'fake', approveBy: 'other-person' }] } as const;

async function askedByAnn(approver: Principal): Promise<() => Promise<unknown>> {
  const store = memorySessionStore();
  const model = scriptedModel([{ toolCalls: [{ name: 'fake', arguments: { text: 'x' } }] }, { text: 'done' }]);
  const runs = createRuns({
    models: () => model,
    tools: [fakeTool({ name: 'fake', effect: 'write' })],
    settings: { model: { provider: model.provider, id: model.id }, policy },
    store,
    approvalWaitMs: 0,
  });
  await runs.start({ text: 'change it', session: 's1' }, ann);
  await runs.driveSession('s1', new AbortController().signal);
  await store.share('s1', [{ person: personOf(approver), role: 'approver' }]);
  const state = await runs.state({ session: 's1', runId: 's1.1' });
  return () => runs.answer(state?.openApproval?.approvalId ?? '', { decision: 'approve' }, approver);
}

it.each([
  { issuer: 'token', subject: 'ann@example.org' },
  { issuer: 'token', subject: 'Ann@Example.org', name: 'Ann@Example.org' },
  { issuer: 'kubernetes', subject: 'u-1', name: 'ann@example.org ' },
  { issuer: 'token', subject: '7' },
])('four eyes: whoever asked cannot approve by a second door, as $issuer $subject', async (approver) => {
  const answer = await askedByAnn(approver);
  await expect(answer()).rejects.toMatchObject({ code: 'other-person' });
});

it('somebody with another name can', async () => {
  const answer = await askedByAnn({ issuer: 'token', subject: 'bob' });
  expect(await answer()).toBe('accepted');
});
