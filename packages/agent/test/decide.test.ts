import { describe, expect, it } from 'vitest';
import { decide, type Effect, type JudgedCall, type Policy, type PolicyMode, type Trait, type Verdict } from '../src/index.ts';

const call = (effect: Effect, traits: readonly Trait[] = [], subject: JudgedCall['subject'] = {}): JudgedCall => ({
  tool: 'kubectl',
  effect,
  traits,
  subject,
});
const verdict = (policy: Partial<Policy>, judged: JudgedCall): Verdict =>
  decide({ mode: 'ask-writes', rules: [], ...policy }, judged).verdict;

describe('the mode', () => {
  const table: readonly (readonly [PolicyMode, readonly [read: Verdict, write: Verdict, dangerous: Verdict, unknown: Verdict]])[] = [
    ['read-only', ['allow', 'deny', 'deny', 'deny']],
    ['suggest', ['allow', 'deny', 'deny', 'deny']],
    ['ask-writes', ['allow', 'ask', 'ask', 'ask']],
    ['ask-all', ['ask', 'ask', 'ask', 'ask']],
    ['auto', ['allow', 'allow', 'ask', 'ask']],
  ];
  it.each(table)('%s decides read, write, dangerous, unknown as %j', (mode, expected) => {
    expect((['read', 'write', 'dangerous', 'unknown'] as const).map((effect) => verdict({ mode }, call(effect)))).toEqual(expected);
  });

  it('auto with allowDangerous runs all unasked', () => {
    const policy = { mode: 'auto', allowDangerous: true } as const;
    expect([call('dangerous'), call('unknown'), call('read', ['moves-target'])].map((judged) => verdict(policy, judged))).toEqual([
      'allow',
      'allow',
      'allow',
    ]);
  });

  it('suggest tells the model to put the command into the answer', () => {
    expect(decide({ mode: 'suggest', rules: [] }, call('write')).reason).toMatch(/put the command or manifest into the answer/);
  });

  it('reads that may hold secrets ask', () => {
    expect(verdict({}, call('read', ['sensitive']))).toBe('ask');
    expect(verdict({ mode: 'auto' }, call('read', ['sensitive']))).toBe('ask');
    expect(verdict({ mode: 'auto', allowDangerous: true }, call('read', ['sensitive']))).toBe('allow');
  });

  it('calls that name another target always ask, whatever the mode and rules without a context say', () => {
    for (const mode of ['read-only', 'ask-writes', 'auto'] as const) expect(verdict({ mode }, call('read', ['moves-target']))).toBe('ask');
    expect(verdict({ rules: [{ action: 'allow', effect: 'read' }] }, call('read', ['moves-target']))).toBe('ask');
    const rules = [{ action: 'allow', effect: 'read', context: 'dev*' }] as const;
    expect(verdict({ rules }, call('read', ['moves-target'], { context: 'dev-1' }))).toBe('allow');
    expect(verdict({ rules }, call('read', ['moves-target'], { context: 'prod' }))).toBe('ask');
  });
});

describe('rules', () => {
  it('deny wins over ask, ask over allow, whatever their order', () => {
    const [allow, ask, deny] = [{ action: 'allow' }, { action: 'ask' }, { action: 'deny', reason: 'holy' }] as const;
    expect(verdict({ rules: [allow, deny, ask] }, call('read'))).toBe('deny');
    expect(verdict({ rules: [allow, ask] }, call('read'))).toBe('ask');
    expect(verdict({ rules: [allow] }, call('write'))).toBe('allow');
    expect(decide({ mode: 'auto', rules: [deny] }, call('read')).reason).toBe('holy');
  });

  it('match only where every named field does', () => {
    const rules = [{ action: 'deny', verb: 'delete', kind: 'pods', namespace: 'prod-*' }] as const;
    expect(verdict({ rules }, call('write', [], { verb: 'delete', kinds: ['Pods'], namespace: 'prod-eu' }))).toBe('deny');
    expect(verdict({ rules }, call('write', [], { verb: 'delete', kinds: ['pods'], namespace: 'dev' }))).toBe('ask');
    expect(verdict({ rules }, call('write', [], { verb: 'delete', kinds: ['pods'] }))).toBe('ask');
  });

  it('an allow must cover every kind of a call, a deny only one', () => {
    const both = call('write', [], { kinds: ['pods', 'secrets'] });
    expect(verdict({ rules: [{ action: 'allow', kind: 'pods' }] }, both)).toBe('ask');
    expect(verdict({ rules: [{ action: 'deny', kind: 'secrets' }] }, both)).toBe('deny');
    expect(verdict({ rules: [{ action: 'allow', kind: 'pods' }] }, call('write'))).toBe('ask');
  });

  it('cannot open a run that promises to change nothing', () => {
    for (const mode of ['read-only', 'suggest'] as const)
      expect(verdict({ mode, rules: [{ action: 'allow' }] }, call('write'))).toBe('deny');
  });

  it('a protected context can be read-only', () => {
    const rules = (['write', 'dangerous', 'unknown'] as const).map((effect) => ({ action: 'deny', effect, context: 'prod*' }) as const);
    expect(verdict({ mode: 'auto', rules }, call('write', [], { context: 'prod-eu' }))).toBe('deny');
    expect(verdict({ mode: 'auto', rules }, call('read', [], { context: 'prod-eu' }))).toBe('allow');
    expect(verdict({ mode: 'auto', rules }, call('write', [], { context: 'dev' }))).toBe('allow');
  });
});
