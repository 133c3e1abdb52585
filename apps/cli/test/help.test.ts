import { describe, expect, it } from 'vitest';
import { options } from '@kw/runtime';
import { helpText } from '../src/help.ts';
import { displayWidth } from '../src/render/display-width.ts';

describe('helpText', () => {
  it('names every flag and fits into 80 columns, in both languages', () => {
    for (const language of ['en', 'zh'] as const) {
      const lines = helpText(language, '1.0.0', 80).split('\n');
      expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
      const flags = options.filter(({ flag }) => flag !== false).map(({ key }) => `--${key}`);
      expect(flags.filter((flag) => !lines.join('\n').includes(flag))).toEqual([]);
    }
  });

  it('puts descriptions below the flags where the terminal is narrow', () => {
    const lines = helpText('en', '1.0.0', 60).split('\n');
    expect(lines).toContain('      --context CONTEXT');
    expect(lines).toContain('          kube context to act in; the current one where it');
  });
});
