import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/render/safe-text.ts';

describe('safeText', () => {
  it('shows control sequences instead of obeying them', () => {
    expect(safeText('a\u001b[2Jb\u0007\u009bc\rd')).toBe('a\\x1b[2Jb\\x07\\x9bc\\x0dd');
  });

  it('shows characters that turn or hide text', () => {
    expect(safeText('rm\u202e fdp\u200b.x\ufeff')).toBe('rm\\u202e fdp\\u200b.x\\ufeff');
  });

  it('leaves newlines, tabs, CRLF ends and other scripts alone', () => {
    expect(safeText('一\t二\r\n三 🙂')).toBe('一\t二\n三 🙂');
  });
});
