import { describe, expect, it } from 'vitest';
import { loadMarkdown, plainWriter, terminalWriter } from '../../src/render/answer-writer.ts';
import { createStyle } from '../../src/render/style.ts';
import { screenOf } from '../screen.ts';

const parts = await loadMarkdown();

function write(
  text: string,
  options: { pieces?: number; columns?: number; rows?: number; loaded?: boolean; color?: boolean } = {},
): readonly string[] {
  const { pieces = 7, columns = 60, rows = 24, loaded = true, color = true } = options;
  let bytes = '';
  const writer = terminalWriter({
    write: (piece) => {
      bytes += piece;
    },
    style: createStyle(color),
    size: () => ({ columns, rows }),
    markdown: () => (loaded ? parts : undefined),
  });
  for (let at = 0; at < text.length; at += pieces) writer.push(text.slice(at, at + pieces));
  writer.end();
  return screenOf(bytes, columns);
}

describe('terminalWriter', () => {
  it('shows markdown rendered, whatever the pieces it came in', () => {
    const text = '# Pods\n\nTwo **pods** fail, see `web-1`.\n\n- one\n- two\n\n```\nkubectl get pods\n```\n\nDone.\n';
    const expected = ['Pods', '', 'Two pods fail, see web-1.', '', '• one', '• two', '', '    kubectl get pods', '', 'Done.'];
    for (const pieces of [1, 3, 7, 1000]) expect(write(text, { pieces })).toEqual(expected);
  });

  it('breaks prose between words, in lists too, and commands only where they are wider than a line', () => {
    expect(
      write('The payments pod cannot reach its database.\n\n- the gateway probe answers with 404, see `kubectl describe pod gateway-1`\n', {
        columns: 20,
      }),
    ).toEqual([
      'The payments pod',
      'cannot reach its',
      'database.',
      '',
      '• the gateway probe',
      '  answers with 404,',
      '  see kubectl',
      '  describe pod',
      '  gateway-1',
    ]);
    expect(write('订单服务无法连接到它的数据库。\n', { columns: 20 })).toEqual(['订单服务无法连接到它', '的数据库。']);
  });

  it('shows by signs what it may not show by colours', () => {
    expect(write('## Pods\n\nsee `web-1`\n', { color: false })).toEqual(['## Pods', '', 'see `web-1`']);
  });

  it('lines tables up by display width, also in Chinese', () => {
    expect(write('| 名称 | n |\n|---|---|\n| 支付 | 1 |\n| web | 22 |\n')).toEqual(['名称  n', '────  ──', '支付  1', 'web   22']);
  });

  it('wraps the cells of a table that is wider than the terminal', () => {
    const table =
      '| pod | what to do |\n|---|---|\n| checkout-7d9f8b6c5 | roll back with `kubectl rollout undo deployment/checkout` |\n| web | nothing |\n';
    expect(write(table, { columns: 50 })).toEqual([
      'pod                 what to do',
      '──────────────────  ──────────────────────────────',
      'checkout-7d9f8b6c5  roll back with kubectl rollout',
      '                    undo deployment/checkout',
      '',
      'web                 nothing',
    ]);
  });

  it('shows a table whose words would be broken row by row', () => {
    const names = ['name', 'ready', 'status', 'restarts', 'age', 'node', 'zone'];
    const table = `| ${names.join(' | ')} |\n|${'---|'.repeat(names.length)}\n| ${names.map((name) => `${name}-value`).join(' | ')} |\n`;
    expect(write(table, { columns: 40 })).toEqual(names.map((name) => `${name}: ${name}-value`));
  });

  it('erases wrapped lines fully before it shows them rendered', () => {
    expect(
      write(`${'word '.repeat(30)}**end**\n\nnext\n`, { columns: 20, rows: 40 })
        .join('')
        .replaceAll(/\s/g, ''),
    ).toBe(`${'word'.repeat(30)}endnext`);
  });

  it('leaves a block that is taller than the screen as it came, once', () => {
    const text = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    expect(write(text, { rows: 10 })).toEqual(text.split('\n'));
  });

  it('shows plain text while the renderer is not there yet', () => {
    expect(write('**a**\n\nb\n', { loaded: false })).toEqual(['**a**', '', 'b']);
  });

  it('does not obey control sequences of the model', () => {
    expect(write('a\u001b[2Jb\n')).toEqual(['a\\x1b[2Jb']);
  });
});

describe('plainWriter', () => {
  it('S179: writes no styling and ends with a newline', () => {
    let out = '';
    const writer = plainWriter((text) => {
      out += text;
    });
    writer.push('**a** \u001b[1m');
    writer.end();
    expect(out).toBe('**a** \\x1b[1m\n');
  });
});
