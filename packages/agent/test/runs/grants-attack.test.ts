import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalRequest,
  type CallSubject,
  type GrantScope,
  memorySessionStore,
  type Policy,
  type RunInput,
  type RunTarget,
  type Runs,
  type RunsOptions,
  type SessionStore,
  type TargetSource,
  type ToolInvocation,
} from '../../src/index.ts';
import { type FakeTool, fakeTool } from '../../src/testing/index.ts';
import { alice, bob, checkLog, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;

type Judged = Partial<Pick<ToolInvocation, 'effect' | 'traits' | 'subject' | 'parts' | 'source' | 'binding' | 'unseen'>>;

const scaled: CallSubject = { verb: 'scale', kinds: ['deployments'], namespace: 'shop', flags: [] };

const writeOf = (subject: CallSubject) => ({ effect: 'write', traits: [], subject }) as const;

/** A call's text is its name; what it is judged to be is looked up. */
function change(judged: Readonly<Record<string, Judged>>): FakeTool {
  return fakeTool({ name: 'change', effect: 'write', judged: (text) => judged[text] ?? { subject: scaled } });
}

function targets(of: Partial<RunTarget> = {}): TargetSource {
  const target: RunTarget = { server: 'https://a', caHash: 'c', context: 'dev', user: 'u', namespace: 'shop', fingerprint: 'f', ...of };
  return {
    freeze: async () => target,
    open: async () => ({ target, kubeconfigPath: '/none', close: async () => undefined }),
    contexts: async () => ['dev'],
  };
}

interface Scene {
  readonly store: SessionStore;
  readonly runs: Runs;
  readonly asked: ApprovalRequest[];
  readonly tool: FakeTool;
  /** One run with one call; what was asked in it. */
  turn(text: string, input?: Partial<RunInput>): Promise<readonly ApprovalRequest[]>;
}

/** The first question is answered with a grant, all others are declined. */
function scene(grant: GrantScope, judged: Readonly<Record<string, Judged>> = {}, options: Partial<RunsOptions> = {}): Scene {
  const store = options.store ?? memorySessionStore();
  const tool = change(judged);
  const asked: ApprovalRequest[] = [];
  let text = '';
  const model = scriptedModel((request) =>
    request.messages.at(-1)?.role === 'tool' ? { text: 'done' } : { toolCalls: [{ name: 'change', arguments: { text } }] },
  );
  const runs = testRuns(model, [tool], {
    targets: targets(),
    approve: (request) => {
      asked.push(request);
      return asked.length === 1 ? { decision: 'approve', grant } : false;
    },
    ...options,
    store,
  });
  return {
    store,
    runs,
    asked,
    tool,
    turn: async (next, input = {}) => {
      text = next;
      const before = asked.length;
      const { session } = await runs.start({ text: 'q', session: 's', ...input }, alice);
      await runs.driveSession(session, forever);
      return asked.slice(before);
    },
  };
}

describe('what is offered', () => {
  const ask = async (judged: Judged, policy?: Policy, options: Partial<RunsOptions> = {}): Promise<ApprovalRequest | undefined> => {
    const { turn } = scene('exact', { a: judged }, options);
    const [request] = await turn('a', policy === undefined ? {} : { settings: { policy } });
    return request;
  };
  const offered = async (...given: Parameters<typeof ask>): Promise<readonly string[]> =>
    ((await ask(...given))?.grants ?? []).map(({ scope, label }) => `${scope}: ${label}`);

  it('is the very command, and verb, kinds and namespace for a plain write of named objects', async () => {
    expect(await offered({ subject: scaled })).toEqual(['exact: change a', 'similar: scale deployments in shop']);
    expect(await offered({ subject: { ...scaled, flags: ['--cascade=background'] } })).toContain(
      'similar: scale deployments in shop with --cascade=background',
    );
    expect(await offered({ subject: { verb: 'scale', kinds: ['deployments'], flags: [] } })).toContain(
      'similar: scale deployments in shop',
    );
  });

  it.each<[string, Judged]>([
    ['dangerous', { effect: 'dangerous', subject: scaled }],
    ['not understood', { effect: 'unknown', subject: scaled }],
    ['sensitive', { traits: ['sensitive'], subject: scaled }],
    ['run by a shell', { source: 'kubectl scale', subject: scaled }],
    ['over all namespaces', { subject: { ...scaled, namespace: '*' } }],
    ['about kinds that are not seen', { subject: { ...scaled, kinds: ['deployments', '*'] } }],
    ['without kinds', { subject: { ...scaled, kinds: [] } }],
    ['without a verb', { subject: { kinds: ['deployments'], namespace: 'shop', flags: [] } }],
    ['of flags that are not known', { subject: { verb: 'scale', kinds: ['deployments'], namespace: 'shop' } }],
    [
      'of several places',
      {
        subject: scaled,
        parts: [
          { effect: 'write', traits: [], subject: scaled },
          { effect: 'write', traits: [], subject: { ...scaled, namespace: 'prod' } },
        ],
      },
    ],
    ['more than its parts say', { subject: scaled, parts: [{ effect: 'read', traits: [], subject: scaled }] }],
    ['named to mislead', { subject: { ...scaled, kinds: ['deployments in dev, pods'] } }],
  ])('is not more than the very command where the call is %s', async (_, judged) => {
    expect((await offered(judged)).filter((offer) => offer.startsWith('similar'))).toEqual([]);
  });

  it.each<[string | undefined, Judged, Policy?]>([
    [undefined, { subject: scaled }],
    ['dangerous', { effect: 'dangerous', subject: scaled }],
    ['unknown', { effect: 'unknown', subject: scaled }],
    ['script', { source: 'kubectl scale', subject: scaled }],
    ['not-plain', { traits: ['sensitive'], subject: scaled }],
    ['not-plain', { subject: { ...scaled, namespace: '*' } }],
    ['several', { subject: scaled, parts: ['shop', 'prod'].map((namespace) => writeOf({ ...scaled, namespace })) }],
    ['other-cluster', { traits: ['moves-target'], subject: scaled }],
    ['unseen', { subject: scaled, unseen: true }],
    ['rule', { subject: scaled }, { mode: 'ask-writes', rules: [{ action: 'ask', verb: 'scale' }] }],
  ])('says why not more: %s', async (ungranted, judged, policy) => {
    expect((await ask(judged, policy))?.ungranted).toBe(ungranted);
  });

  it('is nothing where the call leaves the cluster, and where a rule asks', async () => {
    expect(await offered({ traits: ['moves-target'], subject: scaled })).toEqual([]);
    const rules = [{ action: 'ask', verb: 'scale' } as const];
    expect(await offered({ subject: scaled }, { mode: 'ask-writes', rules })).toEqual([]);
    const parts = [
      { effect: 'write', traits: [], subject: { verb: 'label', kinds: ['pods'], namespace: 'shop', flags: [] } },
      { effect: 'write', traits: [], subject: scaled },
    ] as const;
    expect(await offered({ subject: scaled, parts }, { mode: 'ask-writes', rules })).toEqual([]);
  });

  it('is nothing where what it does stands in a file or at an address', async () => {
    expect(await offered({ subject: { verb: 'apply', kinds: ['*'], namespace: '*' }, unseen: true })).toEqual([]);
  });

  it('is nothing where the arguments hold a secret', async () => {
    const { turn } = scene('exact');
    const [request] = await turn('password=hunter2-hunter2-hunter2');
    expect(request?.parkable).toBe(false);
    expect(request?.grants).toBeUndefined();
  });

  it('is not widened by who grants more', async () => {
    const { turn, tool } = scene('similar', { a: { effect: 'unknown' } });
    await turn('a');
    await turn('a');
    expect(tool.ran).toEqual(['a']);
  });
});

describe('a grant for the very command', () => {
  it('covers the same bytes again, also in another process, and the log names it', async () => {
    const first = scene('exact');
    await first.turn('a');
    const second = scene('exact', {}, { store: first.store, approve: () => false });
    await second.turn('a');
    expect(second.asked).toEqual([]);
    expect(second.tool.ran).toEqual(['a']);
    const [grant] = await second.runs.grants('s', alice);
    expect(grant).toMatchObject({ scope: 'exact', label: 'change a', tool: 'change', summary: 'change a', by: alice });
    const intents = (await entriesOf(first.store, 's')).flatMap(({ entry }) => (entry.type === 'tool-intent' ? [entry] : []));
    expect(intents[1]).toMatchObject({ grantId: grant?.grantId, decidedBy: 'a grant by alice for the session: this very command' });
    checkLog(await entriesOf(first.store, 's'));
  });

  it('covers no other bytes, no other session, no other binding', async () => {
    const { turn, tool } = scene('exact', { a: { binding: 'one' } });
    await turn('a');
    expect(await turn('b')).toHaveLength(1);
    expect(await turn('a', { session: 'other' })).toHaveLength(1);
    expect(tool.ran).toEqual(['a']);
  });

  it.each<[string, Partial<RunTarget>]>([
    ['cluster', { fingerprint: 'g' }],
    ['namespace where none is named', { namespace: 'prod' }],
  ])('does not hold in another %s', async (_, of) => {
    const { store, turn } = scene('exact');
    await turn('a');
    const other = scene('exact', {}, { store, targets: targets(of), approve: () => false });
    await other.turn('a');
    expect(other.tool.ran).toEqual([]);
  });
});

describe('a grant for similar commands', () => {
  it('covers other names and figures of the same verb, kinds and namespace', async () => {
    const { turn, tool, runs } = scene('similar');
    await turn('a');
    expect(await turn('b')).toEqual([]);
    expect(tool.ran).toEqual(['a', 'b']);
    expect(await runs.grants('s', alice)).toMatchObject([{ scope: 'similar', label: 'scale deployments in shop' }]);
  });

  it.each<[string, Judged]>([
    ['another verb', { subject: { ...scaled, verb: 'delete' } }],
    ['more kinds', { subject: { ...scaled, kinds: ['deployments', 'statefulsets'] } }],
    ['another kind', { subject: { ...scaled, kinds: ['statefulsets'] } }],
    ['another namespace', { subject: { ...scaled, namespace: 'prod' } }],
    ['all namespaces', { subject: { ...scaled, namespace: '*' } }],
    ['a selector', { subject: { ...scaled, flags: ['--selector=app=web'] } }],
    ['--all', { subject: { ...scaled, flags: ['--all'] } }],
    ['--force', { subject: { ...scaled, flags: ['--force'] } }],
    ['--grace-period=0', { subject: { ...scaled, flags: ['--grace-period=0'] } }],
    ['--cascade', { subject: { ...scaled, flags: ['--cascade=orphan'] } }],
    ['objects that are not named', { subject: { verb: 'scale', kinds: ['deployments'], namespace: 'shop' } }],
    ['a greater effect', { effect: 'dangerous', subject: scaled }],
    ['an effect that is not known', { effect: 'unknown', subject: scaled }],
    ['a trait', { traits: ['sensitive'], subject: scaled }],
    ['another cluster', { traits: ['moves-target'], subject: scaled }],
    ['another context', { subject: { ...scaled, context: 'prod' } }],
    ['a shell', { source: 'x', subject: scaled }],
    [
      'something beside it',
      {
        subject: scaled,
        parts: [
          { effect: 'write', traits: [], subject: scaled },
          { effect: 'write', traits: [], subject: { ...scaled, verb: 'delete' } },
        ],
      },
    ],
    [
      'a hidden part',
      {
        subject: scaled,
        parts: [
          { effect: 'write', traits: [], subject: scaled },
          { effect: 'unknown', traits: [] },
        ],
      },
    ],
    ['other letters', { subject: { ...scaled, namespace: 'ѕhop' } }],
  ])('does not cover %s', async (_, judged) => {
    const { turn, tool } = scene('similar', { wider: judged });
    await turn('a');
    expect(await turn('wider')).toHaveLength(1);
    expect(tool.ran).toEqual(['a']);
  });

  it('does not grow with the calls it covered', async () => {
    const { turn, tool, runs } = scene('similar', { wider: { subject: { ...scaled, flags: ['--force'] } } });
    for (const text of ['a', 'b', 'c']) await turn(text);
    expect(await turn('wider')).toHaveLength(1);
    expect(tool.ran).toEqual(['a', 'b', 'c']);
    expect(await runs.grants('s', alice)).toHaveLength(1);
  });

  it('is of one tool in one version', async () => {
    const { store, turn } = scene('similar');
    await turn('a');
    const newer = { ...change({}), version: '2' };
    const other = testRuns(scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'b' } }] }, { text: 'done' }]), [newer], {
      store,
      targets: targets(),
      approve: () => false,
    });
    await other.start({ text: 'q', session: 's' }, alice);
    await other.driveSession('s', forever);
    expect(newer.ran).toEqual([]);
  });
});

describe('what is stronger than a grant', () => {
  it.each<[string, Policy]>([
    ['a rule that denies', { mode: 'ask-writes', rules: [{ action: 'deny', verb: 'scale' }] }],
    ['a rule that asks', { mode: 'ask-writes', rules: [{ action: 'ask', namespace: 'shop' }] }],
    ['a run that is read-only', { mode: 'read-only', rules: [] }],
    ['a run that only suggests', { mode: 'suggest', rules: [] }],
    ['a run in which all is asked', { mode: 'ask-all', rules: [] }],
  ])('is %s', async (_, policy) => {
    const { turn, tool } = scene('similar');
    await turn('a');
    await turn('b', { settings: { policy } });
    expect(tool.ran).toEqual(['a']);
  });

  it('is its being taken back, also in the moment between the look and the start', async () => {
    const store = memorySessionStore();
    const judged = scene('similar', {}, { store });
    await judged.turn('a');
    const [grant] = await judged.runs.grants('s', alice);
    const grantId = grant?.grantId ?? '';
    let late = true;
    let revoked = false;
    const racing: SessionStore = {
      ...store,
      append: async (session, entries, options) => {
        if (late && entries.some((entry) => entry.type === 'tool-intent')) {
          late = false;
          revoked = await judged.runs.revokeGrant('s', grantId, alice);
        }
        return store.append(session, entries, options);
      },
    };
    const other = scene('similar', {}, { store: racing, approve: () => false });
    await other.turn('b');
    expect(revoked).toBe(true);
    expect(other.tool.ran).toEqual([]);
    expect(await judged.runs.grants('s', alice)).toEqual([]);
    expect(await judged.runs.revokeGrant('s', grantId, alice)).toBe(false);
    checkLog(await entriesOf(store, 's'));
  });

  it('is a later no to the same question', async () => {
    const { turn, runs } = scene('similar');
    await turn('a');
    expect(await turn('c', { settings: { policy: { mode: 'ask-all', rules: [] } } })).toHaveLength(1);
    expect(await runs.grants('s', alice)).toEqual([]);
  });
});

describe('who grants', () => {
  it('is the owner alone: nobody else answers, lists or takes back', async () => {
    const { store, turn, runs } = scene('similar', {}, { approve: () => undefined });
    await turn('a');
    const state = await runs.state({ session: 's', runId: 's.1' });
    const approvalId = state?.openApproval?.approvalId ?? '';
    expect(await runs.answer(approvalId, { decision: 'approve', grant: 'similar' }, bob)).toBe('forbidden');
    await expect(runs.grants('s', bob)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await runs.answer(approvalId, { decision: 'approve', grant: 'similar' }, alice)).toBe('accepted');
    await runs.driveSession('s', forever);
    const [grant] = await runs.grants('s', alice);
    await expect(runs.revokeGrant('s', grant?.grantId ?? '', bob)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(runs.grants('nowhere', alice)).rejects.toMatchObject({ code: 'unknown-session' });
    checkLog(await entriesOf(store, 's'));
  });

  it('an answer of somebody else that stands in the log grants nothing', async () => {
    const { store, turn, runs } = scene('similar', {}, { approve: () => undefined });
    await turn('a');
    const request = (await runs.state({ session: 's', runId: 's.1' }))?.openApproval;
    const response = { approvalId: request?.approvalId ?? '', decision: 'approve', by: bob, grant: 'similar' } as const;
    const head = (await store.get('s'))?.head ?? 0;
    await store.append('s', [{ type: 'approval-response', runId: 's.1', response }], { expectedHead: head, work: { type: 'ready' } });
    expect(await runs.grants('s', alice)).toEqual([]);
  });

  it('may grant only what the question offers', async () => {
    const { turn, runs } = scene('exact', { a: { effect: 'unknown' } }, { approve: () => undefined });
    await turn('a');
    const approvalId = (await runs.state({ session: 's', runId: 's.1' }))?.openApproval?.approvalId ?? '';
    await expect(runs.answer(approvalId, { decision: 'approve', grant: 'similar' }, alice)).rejects.toMatchObject({
      code: 'grant-not-offered',
    });
    expect(await runs.answer(approvalId, { decision: 'approve', grant: 'exact' }, alice)).toBe('accepted');
  });
});
