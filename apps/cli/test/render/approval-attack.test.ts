import { describe, expect, it } from 'vitest';
import { messagesIn } from '../../src/messages.ts';
import { renderApproval } from '../../src/render/approval.ts';
import { createStyle } from '../../src/render/style.ts';

function render(summary: string): string {
  return renderApproval(
    {
      approvalId: 's.1',
      callId: 'c1',
      tool: 'bash',
      summary,
      arguments: '{}',
      effect: 'unknown',
      traits: [],
      reasons: ['r'],
      fingerprint: 'f',
      expiresAt: 0,
      parkable: true,
    },
    { style: createStyle(false), messages: messagesIn('en'), columns: 200 },
  );
}

describe('a command in a question', () => {
  it.each([
    ['tag characters', 'ls \u{e0072}\u{e006d}', 'ls \\u{e0072}\\u{e006d}'],
    ['a soft hyphen', 'r\u{ad}m x', 'r\\u{ad}m x'],
    ['fillers', 'ls \u{3164}\u{115f}', 'ls \\u{3164}\\u{115f}'],
    ['variation selectors', 'ls\u{fe0f} x\u{e0100}', 'ls\\u{fe0f} x\\u{e0100}'],
    ['spaces that are none', 'rm\u{a0}x\u{2003}y\u{3000}z', 'rm\\u{a0}x\\u{2003}y\\u{3000}z'],
    ['half characters', 'ls \ud800', 'ls \\u{d800}'],
    ['a blank that is a letter', 'ls\u{2800}x', 'ls\\u{2800}x'],
    ['what turns text around', 'ls \u202ex', 'ls \\u202ex'],
    ['what steers the terminal', 'ls \u001b[2J\u009b2J\r', 'ls \\x1b[2J\\x9b2J\\x0d'],
  ])('shows %s', (_what, command, shown) => {
    expect(render(command)).toContain(`    ${shown}`);
  });

  it('stays as it is where all of it is seen', () => {
    expect(render('kubectl annotate pod x note=重启 -n shop')).toContain('kubectl annotate pod x note=重启 -n shop');
  });
});
