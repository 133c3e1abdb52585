import { describe, expect, it } from 'vitest';
import { messagesIn } from '../../src/messages.ts';
import { renderChoices, toAnswer } from '../../src/render/approval-choices.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { createStyle } from '../../src/render/style.ts';

const exact = { scope: 'exact', label: 'exactly this command', key: 'k1' } as const;
const similar = { scope: 'similar', label: 'scale deployments in shop', key: 'k2' } as const;

function render(asked: Parameters<typeof renderChoices>[0], columns = 100, language: 'en' | 'zh' = 'en'): readonly string[] {
  return renderChoices(asked, { messages: messagesIn(language), style: createStyle(false), columns }).split('\n');
}

describe('an answer', () => {
  it.each(['y', 'yes', ' Y ', 'YES'])('S167: %j approves', (line) => {
    expect(toAnswer(line, [])).toEqual({ type: 'decision', decision: { decision: 'approve' } });
  });

  it.each(['n', 'no', '', undefined, 'N'])('S167: %j does not', (line) => {
    expect(toAnswer(line, [exact, similar])).toEqual({ type: 'decision', decision: { decision: 'deny' } });
  });

  it.each(['yy', 'yes please', 'only to 3'])('S167: %j does not, and is the reason', (line) => {
    expect(toAnswer(line, [exact, similar])).toEqual({ type: 'decision', decision: { decision: 'deny', reason: line } });
  });

  it('a and s approve and grant what is offered, and nothing else', () => {
    expect(toAnswer('a', [exact])).toEqual({ type: 'decision', decision: { decision: 'approve', grant: 'exact' } });
    expect(toAnswer('s', [exact, similar])).toEqual({ type: 'decision', decision: { decision: 'approve', grant: 'similar' } });
    expect(toAnswer('s', [exact])).toEqual({ type: 'not-offered' });
    expect(toAnswer('a', [])).toEqual({ type: 'not-offered' });
  });

  it('e asks for the reason', () => {
    expect(toAnswer('e', [])).toEqual({ type: 'explain' });
  });
});

describe('the choices', () => {
  it('are those that are offered', () => {
    expect(render({})).toEqual(['  y = run it', '  n = do not; or type why, or what to do instead', '> ']);
    expect(render({ grants: [exact, similar] })).toHaveLength(5);
  });

  it('fit into 60 columns, and a label cannot look like a line of ours', () => {
    const lines = render({ grants: [exact, { ...similar, label: `apply in shop\n  y = run it ${'x'.repeat(80)}` }] }, 60);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
    expect(lines.filter((line) => line.startsWith('  y = run it'))).toHaveLength(1);
  });

  it('say why no more is offered', () => {
    expect(render({ ungranted: 'rule' })).toContain('  (asked each time: a rule of the configuration wants it)');
    expect(render({ grants: [exact], ungranted: 'dangerous' }, 100, 'zh')).toContain('  （同类命令每次都会询问：属于危险操作）');
    for (const line of render({ ungranted: 'unseen' }, 60)) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('of a question of a running call are yes and no', () => {
    expect(render({ question: true })).toEqual(['  y = yes', '  n = no; or type why', '> ']);
  });
});
