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
