import { describe, expect, it } from 'vitest';
import { judgeCustom } from '../../src/custom/judge-custom.ts';
import type { CustomToolSpec } from '../../src/index.ts';

const spec: CustomToolSpec = {
  name: 'helm',
  description: 'd',
  command: ['helm'],
  commandDescription: '',
  isInteractive: false,
  effects: [
    { match: [['template'], ['get'], ['list'], ['diff', 'upgrade']], effect: 'read', traits: [] },
    { match: [['get', 'values']], effect: 'dangerous', traits: ['sensitive'] },
  ],
  env: [],
  origin: '/t/tools.yaml:1',
};
const judge = (line: string, of: Partial<CustomToolSpec> = {}): ReturnType<typeof judgeCustom> =>
  judgeCustom({ ...spec, ...of }, line.split(' '));

describe('a rule that lets a verb read', () => {
  it.each([
    'template x ./c --post-renderer /tmp/program',
    'template x ./c --post-renderer=/tmp/program',
    'template repo/chart --post-renderer /tmp/program',
    'diff upgrade x ./c --post-renderer /tmp/program',
    'template x ./c --output-dir /etc',
  ])('does not let flags of it do more: %s', (line) => {
    expect(judge(line).effect).not.toBe('read');
  });

  it('does not let kubectl get --raw reach a container', () => {
    const kubectl = { name: 'k', command: ['kubectl'], effects: [{ match: [['get']], effect: 'read', traits: [] }] } as const;
    expect(judge('get --raw=/api/v1/namespaces/x/pods/y/exec', kubectl).effect).not.toBe('read');
  });

  it.each(['template x ./c', 'template x ./c -f values.yaml --set a=b', 'list -A', 'list -o json', 'diff upgrade x ./c --three-way-merge'])(
    'still lets %s',
    (line) => {
      expect(judge(line)).toMatchObject({ effect: 'read', traits: [] });
    },
  );

  it.each(['list -kubeconfig x', 'list -context=prod', 'list -server https://b'])(
    'sees that another cluster is named by one dash: %s',
    (line) => {
      expect(judge(line, { name: 'tool', command: ['tool'] }).traits).toContain('moves-target');
    },
  );
});

describe('a rule that makes a call stricter', () => {
  const tool = { name: 'tool', command: ['tool'] } as const;

  it.each(['get values x', 'get -o yaml values x', '-q get values x', 'get --all values', '--context=a get -v values'])(
    'is not escaped by flags between its words: %s',
    (line) => {
      expect(judge(line, tool)).toMatchObject({ effect: 'dangerous' });
      expect(judge(line, tool).traits).toContain('sensitive');
    },
  );

  it('a rule that lets a verb read is not stretched by the same', () => {
    expect(judge('-q get x', tool).effect).toBe('unknown');
  });
});
