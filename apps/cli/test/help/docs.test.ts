import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/table.ts';

const listed = commands.filter(({ hidden }) => hidden !== true);

describe.each(['cli.md', 'cli.zh-CN.md'])('docs/%s', (name) => {
  it('names every command of the table as it is used, and its flags', async () => {
    const text = (await readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')).replaceAll(String.raw`\|`, '|');
    const missing = listed.filter(
      (spec) => !new RegExp(String.raw`[\`、 ]${spec.name}[\` ]`).test(text) || !text.includes(spec.usage ?? ''),
    );
    expect(missing.map((spec) => spec.name)).toEqual([]);
    expect(listed.flatMap(({ flags = [] }) => flags).filter((flag) => !text.includes(`--${flag.name}`))).toEqual([]);
  });
});
