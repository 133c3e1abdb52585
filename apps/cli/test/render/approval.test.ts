import { describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '@kw/agent';
import { messagesIn } from '../../src/messages.ts';
import { renderApproval } from '../../src/render/approval.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { createStyle } from '../../src/render/style.ts';

const request: ApprovalRequest = {
  approvalId: 's.1',
  callId: 'c1',
  tool: 'kubectl',
  summary: 'kubectl scale deploy/web --replicas=5 -n shop',
  arguments: '{}',
  effect: 'write',
  traits: [],
  reasons: ['scale changes the number of replicas'],
  target: { server: 'https://10.0.0.1:6443', caHash: 'x', context: 'dev', user: 'ann', namespace: 'default', fingerprint: 'f' },
  preview: {
    objects: [
      {
        action: 'update',
        kind: 'Deployment',
        apiVersion: 'apps/v1',
        namespace: 'shop',
        name: 'web',
        fields: [{ path: 'spec.replicas', before: 3, after: 5 }],
      },
    ],
    warnings: [],
  },
  fingerprint: 'f',
  expiresAt: 0,
  parkable: true,
};

function render(change: Partial<ApprovalRequest> = {}, columns = 80): string {
  return renderApproval({ ...request, ...change }, { style: createStyle(false), messages: messagesIn('en'), columns });
}

describe('renderApproval', () => {
  it('shows command, cluster, reasons and what would change', () => {
    expect(render()).toBe(
      [
        '',
        '? May kubectl run this? [write]',
        '    kubectl scale deploy/web --replicas=5 -n shop',
        '  cluster   dev as ann, namespace default',
        '            https://10.0.0.1:6443',
        '  why       scale changes the number of replicas',
        '  changes   update Deployment shop/web',
        '              ~ spec.replicas: 3 → 5',
      ].join('\n'),
    );
  });

  it('shows every character of a long command, wrapped, also where it has no spaces', () => {
    const summary = `kubectl annotate pod x note=${'a'.repeat(300)} ${'--overwrite '.repeat(20)}end`;
    const shown = render({ summary, preview: { objects: [], warnings: [] } }, 60).split('\n');
    const command = shown
      .slice(
        2,
        shown.findIndex((line) => line.startsWith('  cluster')),
      )
      .join('');
    expect(command.replaceAll(/\s/g, '')).toBe(summary.replaceAll(/\s/g, ''));
    for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('shows the manifest of standard input', () => {
    expect(render({ summary: 'kubectl apply -f -\nkind: Pod\nname: evil' })).toContain(
      '    kubectl apply -f -\n    kind: Pod\n    name: evil\n',
    );
  });

  it('shows what could steer the terminal or turn the text around as escapes', () => {
    const shown = render({ summary: 'kubectl delete pod \u001b[2K\u202eevil\u0007', reasons: ['a\u001b[1Ab'], askedAgain: '\u009b' });
    expect(shown).toContain('kubectl delete pod \\x1b[2K\\u202eevil\\x07');
    expect(shown).toContain('a\\x1b[1Ab');
    for (const character of ['\u001b', '\u0007', '\u202e', '\u009b']) expect(shown).not.toContain(character);
  });

  it('wraps what would change behind its label, and a value of several lines looks like no line of ours', () => {
    const field = { path: 'metadata.annotations.note', after: 'a\n  why       nothing' };
    const object = { action: 'update', kind: 'Pod', apiVersion: 'v1', name: 'x', fields: [field] } as const;
    const shown = render(
      { preview: { objects: [object], warnings: ['a warning that is longer than one line of this narrow terminal'] } },
      60,
    ).split('\n');
    expect(shown.slice(-6).map((line) => line.trimEnd())).toEqual([
      '  changes   update Pod x',
      '              + metadata.annotations.note:',
      '                + a',
      '                +   why       nothing',
      '            a warning that is longer than one line of this',
      '            narrow terminal',
    ]);
  });

  it('counts what it does not list', () => {
    const objects = Array.from(
      { length: 25 },
      (_, index) => ({ action: 'delete', kind: 'Pod', apiVersion: 'v1', name: `p${index}`, fields: [] }) as const,
    );
    expect(render({ preview: { objects, more: 7, warnings: [] } })).toContain('and 12 more objects');
  });
});
