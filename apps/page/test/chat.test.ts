import type { StreamEvent, WireApproval } from '@kw/sdk-js';
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
      { type: 'notice', text: 'it broke off' },
      { type: 'text', text: 'Half' },
    ]);
  });

  it('puts the answer in the place of a text that is none', () => {
    const chat = after([{ delta: '{"name":"kubectl"}' }, { response: 'Nothing found.', status: 'limit', done: true }]);
    expect(stepsOf(chat)).toEqual([{ type: 'text', text: 'Nothing found.' }]);
  });

  it('a run that is read again from its beginning leaves nothing doubled', () => {
    const again = reduce(after([{ delta: 'One' }]), { type: 'restart', runId: 'r1' });
    expect(stepsOf(again)).toEqual([]);
    expect(again.exchanges.at(-1)?.query).toBe('why?');
  });
});
