import { describe, expect, it } from 'vitest';
import { byGrantText, grantLabel } from '../src/text/grant-label.ts';
import { messagesIn } from '../src/text/messages.ts';

const calls = { verb: 'scale', kinds: ['deployments', 'statefulsets'], namespace: 'shop', flags: ['--timeout'] };
const similar = { scope: 'similar', label: 'scale deployments, statefulsets in shop with --timeout', calls } as const;

describe('the label of a grant', () => {
  it('is made of its parts, in the language of the page', () => {
    expect(grantLabel(similar, messagesIn('en'))).toBe(similar.label);
    expect(grantLabel(similar, messagesIn('zh'))).toBe('命名空间 shop 中的 scale deployments、statefulsets（带 --timeout）');
    expect(byGrantText(similar, messagesIn('zh'))).toContain('由许可放行：命名空间 shop');
  });

  it('is as the service says it where the parts are not told, and hides nothing', () => {
    expect(grantLabel({ scope: 'similar', label: 'scale \u202edeployments' }, messagesIn('zh'))).not.toContain('\u202e');
    expect(byGrantText({ scope: 'exact', label: 'kubectl x' }, messagesIn('en'))).toBe('allowed by a grant: this very command');
  });
});
