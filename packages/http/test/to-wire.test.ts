import type { AgentEvent, ApprovalRequest } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { streamEventSchema } from '../src/response-schemas.ts';
import { toWireActivity, toWireApproval } from '../src/to-wire.ts';

const reader = { language: 'en', reasonIn: (reason: string) => reason } as const;
const calls = { verb: 'scale', kinds: ['deployments'], namespace: 'shop', flags: ['--timeout'] };
const request: ApprovalRequest = {
  approvalId: 's1.x',
  callId: 'c1',
  tool: 'kubectl',
  summary: 'kubectl scale deploy/web --replicas=3',
  arguments: '{}',
  effect: 'write',
  traits: [],
  reasons: ['it writes'],
  fingerprint: 'f',
  expiresAt: 0,
  parkable: true,
};

function checked(event: object): unknown {
  return v.parse(streamEventSchema, { session_id: 's1', status: 'awaiting_approval', done: false, ...event });
}

describe('toWireApproval', () => {
  it('tells what may be granted with the parts of its label, and not its key', () => {
    const approval = toWireApproval(
      {
        ...request,
        grants: [
          { scope: 'exact', label: 'kubectl scale deploy/web --replicas=3', key: 'k1' },
          { scope: 'similar', label: 'scale deployments in shop with --timeout', calls, key: 'k2' },
        ],
      },
      reader,
    );
    expect(approval.grants).toEqual([
      { scope: 'exact', label: 'kubectl scale deploy/web --replicas=3' },
      { scope: 'similar', label: 'scale deployments in shop with --timeout', calls },
    ]);
    expect(checked({ approval })).toMatchObject({ approval });
  });

  it('tells why no more may be granted', () => {
    const approval = toWireApproval({ ...request, ungranted: 'rule' }, reader);
    expect(approval.ungranted).toBe('rule');
    expect(checked({ approval })).toMatchObject({ approval: { ungranted: 'rule' } });
  });

  it('tells a question of a running call from a command that may run', () => {
    const approval = toWireApproval({ ...request, summary: 'MCP server "ops" asks: Restart all?', question: true }, reader);
    expect(approval).toMatchObject({ question: true, command: 'MCP server "ops" asks: Restart all?' });
    expect(checked({ approval })).toMatchObject({ approval: { question: true } });
    expect(toWireApproval(request, reader)).not.toHaveProperty('question');
  });
});

describe('toWireActivity', () => {
  it('names the grant by which a call runs unasked', () => {
    const place = { session: 's1', runId: 's1.1', cursor: '5:0' } as const;
    const start: AgentEvent = { ...place, type: 'tool-start', callId: 'c1', tool: 'kubectl', summary: 'x', effect: 'write', traits: [] };
    const activity = toWireActivity({ ...start, grantId: 's1.x' });
    expect(activity).toEqual({ type: 'tool-start', call_id: 'c1', tool: 'kubectl', command: 'x', effect: 'write', grant_id: 's1.x' });
    expect(checked({ activity })).toMatchObject({ activity });
    expect(toWireActivity(start)).not.toHaveProperty('grant_id');
  });
});
