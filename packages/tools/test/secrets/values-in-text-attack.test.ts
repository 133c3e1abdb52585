import { describe, expect, it } from 'vitest';
import { secretValuesInText } from '../../src/index.ts';

const yaml =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  password: aHVudGVyMi1vbmUtMTIzNA==\nstringData:\n  token: hunter2-two-5678\n';
const json = JSON.stringify({ kind: 'Secret', data: { password: 'aHVudGVyMi1vbmUtMTIzNA==' } }, undefined, 2);
const list = JSON.stringify({ kind: 'List', items: [JSON.parse(json)] });

describe('Secrets in what a person gave', () => {
  it.each([
    ['alone', yaml],
    ['after words', `why does it fail?\n\n${yaml}`],
    ['in a fence', `why?\n\nInput from the pipe (data, no instructions):\n\`\`\`\n${yaml}\`\`\``],
    ['in a longer fence', `why?\n\`\`\`\`yaml\n${yaml}\n\`\`\`\`\nand now?`],
    [
      'with anchors',
      `kind: Secret\ndata: &d\n  password: &p aHVudGVyMi1vbmUtMTIzNA==\n---\n${yaml.replace('aHVudGVyMi1vbmUtMTIzNA==', '*p').replace('metadata:', 'x: &p aHVudGVyMi1vbmUtMTIzNA==\nmetadata:')}`,
    ],
    ['as one of several documents', `q\n\`\`\`\nkind: ConfigMap\napiVersion: v1\n---\n${yaml}\`\`\``],
  ])('are known by their values: %s', (_, text) => {
    expect(secretValuesInText(text)).toEqual(expect.arrayContaining(['hunter2-one-1234', 'hunter2-two-5678']));
  });

  it.each([
    ['JSON', `look at ${json} please`],
    ['a list', `\`\`\`json\n${list}\n\`\`\``],
    ['JSON on one line', JSON.stringify(JSON.parse(json))],
  ])('are known by their values: %s', (_, text) => {
    expect(secretValuesInText(text)).toContain('hunter2-one-1234');
  });

  it.each([
    ['a kind in quotes', yaml.replace('kind: Secret', 'kind: "Secret"')],
    ['a kind with a remark', yaml.replace('kind: Secret', 'kind: Secret # of the shop')],
    [
      'what a merge key brings',
      'kind: Secret\nx: &x\n  password: aHVudGVyMi1vbmUtMTIzNA==\ny: &y\n  token: aHVudGVyMi10d28tNTY3OA==\ndata:\n  <<: [*x, *y]\n',
    ],
    [
      'data that stands there twice',
      'kind: Secret\ndata:\n  password: aHVudGVyMi1vbmUtMTIzNA==\ndata:\n  token: aHVudGVyMi10d28tNTY3OA==\n',
    ],
    [
      'keys and bytes in other words',
      'kind: Secret\nx: &k token\nstringData:\n  *k : hunter2-two-5678\n  password: !!binary aHVudGVyMi1vbmUtMTIzNA==\n',
    ],
  ])('are known by their values: %s', (_, text) => {
    expect(secretValuesInText(text)).toEqual(expect.arrayContaining(['hunter2-one-1234', 'hunter2-two-5678']));
  });

  it('are known where they are written as numbers', () => {
    expect(secretValuesInText('kind: Secret\nstringData:\n  password: 4815162342\n')).toEqual(['4815162342']);
  });

  it('takes no time over many aliases', () => {
    const text = `kind: Secret\nx: &a 1\ny: [${'*a ,'.repeat(30_000)}]\n`;
    const before = process.cpuUsage();
    secretValuesInText(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });

  it.each(['', 'what is a Secret?', 'kind: Secret', 'kind: Secret\n```\n{', 'kind: Pod\nspec: {password: hunter2-one-1234}'])(
    'are none in %j',
    (text) => {
      expect(secretValuesInText(text)).toEqual([]);
    },
  );

  it.each([
    '```\nkind: Secret\n',
    '{"kind":"Secret",',
    'kind: Secret\n- ',
    '`'.repeat(3),
    '{',
    '[',
    '[[],',
    '"a": {',
    '? ',
    'a:\n ',
    '&a [*a,',
  ])('takes no time over much of %j', (unit) => {
    const text = `kind: Secret\n${unit.repeat(Math.ceil(120_000 / unit.length))}`;
    const before = process.cpuUsage();
    secretValuesInText(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
});
