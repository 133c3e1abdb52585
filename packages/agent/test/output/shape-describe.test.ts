import { describe, expect, it } from 'vitest';
import { captureOutput } from '../../src/output/capture.ts';
import { estimateTokens } from '../../src/prompt/estimate.ts';
import { createRedactor } from '../../src/redact/redactor.ts';

const pod = (name: string, events: number): string =>
  [
    `Name:             ${name}`,
    'Namespace:        shop',
    'Priority:         0',
    `Annotations:      ${Array.from({ length: 40 }, (_, at) => `example.com/note-${at}: words that say nothing`).join('\n                  ')}`,
    'Status:           Running',
    'Containers:',
    '  web:',
    '    Image:          nginx:1.27',
    '    State:          Waiting',
    '      Reason:       CrashLoopBackOff',
    'Conditions:',
    '  Type              Status',
    '  Ready             False ',
    'Volumes:',
    ...Array.from({ length: 60 }, (_, at) => `  volume-${at}:\n    Type:  ConfigMap (a volume populated by a ConfigMap)`),
    'Events:',
    '  Type     Reason   Age   From     Message',
    '  ----     ------   ----  ----     -------',
    ...Array.from({ length: events }, (_, at) => `  Warning  BackOff  ${at}m    kubelet  Back-off restarting failed container ${at}`),
  ].join('\n');

async function shown(text: string, budgetTokens: number, pieces = 1_000): Promise<string> {
  const output = captureOutput({ sink: undefined, redactor: createRedactor(), budgetTokens });
  for (let at = 0; at < text.length; at += pieces) await output.write('stdout', text.slice(at, at + pieces));
  const { content } = await output.close();
  expect(estimateTokens(content)).toBeLessThanOrEqual(budgetTokens);
  return content;
}

describe('a description that does not fit', () => {
  it.each([1, 3, 1_000])('keeps conditions and events before all else, and says what is left out (pieces of %d)', async (pieces) => {
    const content = await shown(pod('web-1', 8), 600, pieces);
    expect(content).toContain('Ready             False');
    expect(content).toContain('failed container 7');
    expect(content).toContain('CrashLoopBackOff');
    expect(content).toMatch(/\[left out: .*Annotations.*\]/);
    expect(content).not.toContain('volume-30');
  });

  it('of several objects shows each', async () => {
    const content = await shown([pod('web-1', 3), pod('web-2', 3), pod('web-3', 3)].join('\n\n\n'), 1_000);
    for (const name of ['web-1', 'web-2', 'web-3']) expect(content).toMatch(new RegExp(`Name: +${name}`));
    expect(content.match(/Ready +False/g)).toHaveLength(3);
    expect(content.match(/failed container 2/g)).toHaveLength(3);
  });

  it('with more events than fit keeps the last ones', async () => {
    const content = await shown(pod('web-1', 400), 700);
    expect(content).toContain('failed container 399');
    expect(content).toContain('lines ...]');
  });

  it('is shown as it is where it fits, and other texts are no descriptions', async () => {
    expect(await shown(pod('web-1', 2), 8_000)).toContain('volume-30');
    expect(await shown(`Name: x\n${'line of a log\n'.repeat(3_000)}`, 400)).not.toContain('[left out');
  });
});
