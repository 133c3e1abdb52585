import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { modelGuide, presets, priceOf } from '../src/index.ts';
import { en } from '../src/words/en.ts';
import { zh } from '../src/words/zh.ts';

const pages = await Promise.all(
  ['providers.md', 'providers.zh-CN.md'].map(async (name) => ({
    name,
    text: await readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8'),
  })),
);

describe.each(pages)('docs/$name', ({ text }) => {
  it.each(presets)('tells of $id: names, variables, default model and mark', (preset) => {
    const row =
      text.split('\n').find((line) => line.startsWith(`| \`${preset.id}\``) && line.includes(preset.keyVariables[0] ?? '`rules`')) ?? '';
    const { aliases, keyVariables, endpointVariables, modelVariables, defaultModel } = preset;
    const wanted = [
      ...aliases,
      ...keyVariables,
      ...endpointVariables,
      ...modelVariables,
      ...(defaultModel === undefined ? [] : [defaultModel]),
    ];
    expect(wanted.filter((name) => !row.includes(`\`${name}\``))).toEqual([]);
    expect(row.includes('¹')).toBe(preset.experimental === true);
  });

  it('has a row for each error', () => {
    const codes = Object.keys(en.sentences).filter((code) => code !== 'no-model-served');
    expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  it('S163: has the guide, and the price of every model of it that has one', () => {
    for (const { model } of modelGuide) expect(text).toContain(`\`${model}\``);
    const priced = presets.flatMap((preset) => preset.models.map((model) => ({ model, price: priceOf(model, preset, '2026-11-25') })));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const missing = priced.filter(
      ({ model, price }) =>
        price !== undefined &&
        !rows.some((line) =>
          [`\`${model.replace(/-5-5$/, '')}`, ` ${price.input} `, ` ${price.output} `, price.asOf ?? ''].every((part) =>
            line.includes(part),
          ),
        ),
    );
    expect(missing).toEqual([]);
  });
});

describe('the sentences', () => {
  it('are there in both languages for every code', () => {
    expect(Object.keys(zh.sentences)).toEqual(Object.keys(en.sentences));
    expect(Object.keys(zh.retry)).toEqual(Object.keys(en.retry));
  });
});
