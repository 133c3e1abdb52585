import { describe, expect, it } from 'vitest';
import { options } from '@kw/runtime';
import { commands } from '../../src/commands/table.ts';
import { commandHelp } from '../../src/help/command-help.ts';
import { helpText } from '../../src/help/help.ts';
import { displayWidth } from '../../src/render/display-width.ts';

const languages = ['en', 'zh'] as const;
const listed = commands.filter(({ hidden }) => hidden !== true);

describe('helpText', () => {
  it.each([60, 80, 100])('names every command and flag and fits into %i columns, in both languages', (columns) => {
    for (const language of languages) {
      const text = helpText(language, '1.0.0', columns);
      // Examples are to be copied: they are never broken.
      const lines = text.split('\n').filter((line) => !line.startsWith('  kubelet-wuhrai ') && !line.startsWith('  kubectl '));
      expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
      const flags = options.filter(({ flag }) => flag !== false).map(({ key }) => (key.length === 1 ? `-${key}` : `--${key}`));
      expect(flags.filter((flag) => !text.includes(flag))).toEqual([]);
      expect(listed.filter(({ name }) => !text.includes(`\n  ${name} `) && !text.includes(`\n  ${name}\n`))).toEqual([]);
    }
  });

  it('puts descriptions below the names where the terminal is narrow', () => {
    const lines = helpText('en', '1.0.0', 60).split('\n');
    expect(lines).toContain('      --context CONTEXT');
    expect(lines).toContain('          kube context to act in; the current one where it');
  });
});

describe('commandHelp', () => {
  it.each([60, 80, 100])('tells of every command what it takes, with examples, within %i columns', (columns) => {
    for (const language of languages) {
      for (const { name, flags = [] } of listed) {
        const text = commandHelp(name, language, columns) ?? '';
        expect(text).toContain(`kubelet-wuhrai ${name}`);
        expect(flags.filter((flag) => !text.includes(`--${flag.name}`))).toEqual([]);
        const lines = text.split('\n').filter((line) => !line.startsWith('  kubelet-wuhrai '));
        expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
      }
    }
  });

  it('knows no other words', () => {
    expect(commandHelp('pods', 'en', 80)).toBeUndefined();
  });
});
