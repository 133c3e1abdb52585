import type { SessionResponse, StreamEvent, WireApproval } from '@kw/sdk-js';
import { describe, expect, it } from 'vitest';
import { emptyChat, reduce } from '../src/state/chat.ts';
import type { Chat } from '../src/state/chat.ts';

const frame = { delta: '', session_id: 's1', run_id: 'r1', status: 'processing', done: false } as const;
const approval: WireApproval = {
  id: 'a1',
  tool: 'kubectl',
  command: 'kubectl scale deploy/web --replicas=3',
  effect: 'write',
  traits: [],
  reasons: [],
  expires_at: '2026-01-01T00:00:00Z',
};

function after(events: readonly Partial<StreamEvent>[]): Chat {
  const asked = reduce(emptyChat, { type: 'ask', query: 'why?' });
  return events.reduce<Chat>((chat, event, now) => reduce(chat, { type: 'event', event: { ...frame, ...event }, now }), asked);
}

const stepsOf = (chat: Chat): unknown => chat.exchanges.at(-1)?.steps;

describe('reduce', () => {
  it('joins deltas to one text and keeps the order of what was done', () => {
    const chat = after([
      { activity: { type: 'reasoning-delta', text: 'hm' } },
      { delta: 'Let me ' },
      { delta: 'look.' },
      { activity: { type: 'tool-call', call_id: 'c1', tool: 'kubectl', arguments: '{}' } },
      { activity: { type: 'tool-start', call_id: 'c1', tool: 'kubectl', command: 'kubectl get pods', effect: 'read' } },
      {
        activity: {
          type: 'tool-result',
          call_id: 'c1',
          tool: 'kubectl',
          outcome: 'ran',
          is_error: false,
          content: 'web-1',
          duration_ms: 40,
          output: 'output:1',
        },
      },
      { delta: 'Fine.' },
      { response: 'Fine.', status: 'completed', done: true },
    ]);
    expect(stepsOf(chat)).toEqual([
      { type: 'reasoning', text: 'hm', startedAt: 0, endedAt: 1 },
      { type: 'text', text: 'Let me look.' },
      {
        type: 'tool',
        callId: 'c1',
        tool: 'kubectl',
        command: 'kubectl get pods',
        effect: 'read',
        outcome: 'ran',
        isError: false,
        content: 'web-1',
        durationMs: 40,
        output: 'output:1',
      },
      { type: 'text', text: 'Fine.' },
    ]);
    expect(chat.exchanges.at(-1)?.status).toBe('completed');
    expect(chat.sessionId).toBe('s1');
  });

  it('shows a question once, and how it was answered', () => {
    const asked = after([
      { status: 'awaiting_approval', approval },
      { status: 'awaiting_approval', approval },
    ]);
    expect(stepsOf(asked)).toEqual([{ type: 'approval', approval }]);
    const answered = reduce(asked, { type: 'decide', approvalId: 'a1', decision: 'deny' });
    expect(stepsOf(answered)).toEqual([{ type: 'approval', approval, decision: 'deny' }]);
  });

  it('takes void text away and says so', () => {
    const chat = after([{ delta: 'Hal' }, { activity: { type: 'message-discarded', reason: 'it broke off' } }, { delta: 'Half' }]);
    expect(stepsOf(chat)).toEqual([
      { type: 'notice', kind: 'discarded', text: 'it broke off' },
      { type: 'text', text: 'Half' },
    ]);
  });

  it('puts the answer in the place of a text that is none', () => {
    const chat = after([{ delta: '{"name":"kubectl"}' }, { response: 'Nothing found.', status: 'limit', done: true }]);
    expect(stepsOf(chat)).toEqual([{ type: 'text', text: 'Nothing found.' }]);
  });

  it('says who answered, where and as whom it acted, and what somebody else asked', () => {
    const target = { context: 'prod', server: 'https://k', user: 'service', as: 'ann' };
    const chat = after([
      { run_id: 'r1', response: 'Fine.', status: 'completed', done: true },
      { run_id: 'r2', activity: { type: 'run-start', query: 'scale web', target } },
      { run_id: 'r2', status: 'awaiting_approval', approval },
      { run_id: 'r2', activity: { type: 'approval-response', approval_id: 'a1', decision: 'approve', by: 'bob' } },
    ]);
    expect(chat.exchanges).toMatchObject([
      { runId: 'r1', query: 'why?', status: 'completed' },
      { runId: 'r2', query: 'scale web', target, status: 'processing', steps: [{ type: 'approval', decision: 'approve', by: 'bob' }] },
    ]);
  });

  it('knows what was granted with an answer, and by which grant a later command ran', () => {
    const calls = { verb: 'scale', kinds: ['deployments'], namespace: 'shop', flags: [] };
    const similar = { scope: 'similar', label: 'scale deployments in shop', calls } as const;
    const granting: WireApproval = { ...approval, grants: [{ scope: 'exact', label: approval.command }, similar] };
    const answered = { type: 'approval-response', approval_id: 'a1', decision: 'approve', grant: 'similar' } as const;
    const start = {
      type: 'tool-start',
      call_id: 'c2',
      tool: 'kubectl',
      command: 'kubectl scale',
      effect: 'write',
      grant_id: 'a1',
    } as const;
    const chat = after([
      { status: 'awaiting_approval', approval: granting },
      { activity: answered },
      { activity: answered },
      { activity: { type: 'tool-call', call_id: 'c2', tool: 'kubectl', arguments: '{}' } },
      { activity: start },
    ]);
    expect(chat.grants).toEqual([{ ...similar, id: 'a1' }]);
    expect(chat.exchanges.at(-1)?.steps.at(-1)).toMatchObject({ type: 'tool', grantId: 'a1' });
    const declined = after([{ status: 'awaiting_approval', approval: granting }, { activity: { ...answered, decision: 'deny' } }]);
    expect(declined.grants).toEqual([]);
  });

  it('a new question sets one aside that waits', () => {
    const chat = reduce(after([{ status: 'awaiting_approval', approval }]), { type: 'ask', query: 'something else' });
    expect(chat.exchanges).toMatchObject([
      { status: 'cancelled', steps: [{ type: 'approval', decision: 'supersede' }] },
      { query: 'something else', status: 'processing' },
    ]);
  });

  it('an event of a broken stream changes nothing, and a failure says why', () => {
    const chat = after([{ delta: 'One' }]);
    expect(reduce(chat, { type: 'event', event: { session_id: '', status: 'error', done: false }, now: 9 })).toEqual(chat);
    const error = { code: 'forbidden', message: 'no' };
    expect(reduce(chat, { type: 'fail', error }).exchanges.at(-1)).toMatchObject({ status: 'error', error });
  });
});

describe('a kept session', () => {
  const session: SessionResponse = {
    id: 's1',
    title: 'x',
    status: 'running',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    role: 'approver',
    owner: 'ann',
    viewers: ['token#bob'],
    open_run: 's1.2',
    cursor: '9:0',
    open_cursor: '6:0',
    exchanges: [
      {
        run_id: 's1.1',
        query: 'scale web',
        status: 'error',
        response: '',
        started_at: '2026-01-01T00:00:00Z',
        error: { code: 'rate-limited', message: 'too many' },
        steps: [{ type: 'tool', call_id: 'c1' }],
        tools: [
          {
            call_id: 'c1',
            tool: 'kubectl',
            command: 'kubectl scale',
            outcome: 'ran',
            is_error: false,
            duration_ms: 1,
            answer: { decision: 'approve', by: 'bob' },
          },
        ],
      },
      {
        run_id: 's1.2',
        query: 'and now?',
        status: 'processing',
        response: '',
        started_at: '2026-01-01T00:00:00Z',
        steps: [{ type: 'text', text: 'comes again' }],
        tools: [],
      },
    ],
  };

  it('is shown with its people, its answers and its errors; what is open is left to its events', () => {
    const chat = reduce(emptyChat, { type: 'load', session });
    expect(chat.sharing).toEqual({ role: 'approver', owner: 'ann', viewers: ['token#bob'], approvers: [] });
    expect(chat.exchanges).toMatchObject([
      { status: 'error', error: { code: 'rate-limited' }, steps: [{ answer: { decision: 'approve', by: 'bob' } }] },
      { query: 'and now?', status: 'processing', steps: [] },
    ]);
    const shared = reduce(chat, { type: 'share', session: { ...session, approvers: ['token#cid'] } });
    expect(shared.sharing.approvers).toEqual(['token#cid']);
  });
});
