import { describe, expect, it } from 'vitest';
import { kubectlRoot } from '../../src/kubectl/table.ts';
import type { CommandSpec } from '../../src/kubectl/table.ts';
import { groups, verbs } from '../../src/kubectl/verbs.ts';

function everyCommand(spec: CommandSpec): readonly string[] {
  const below = [...new Set(spec.children.values())].flatMap(everyCommand);
  return spec.path.length === 0 ? below : [spec.path.join(' '), ...below];
}

describe('the table of kubectl', () => {
  it('has a rule for every command that kubectl has', () => {
    const missing = everyCommand(kubectlRoot()).filter((path) => !verbs.has(path) && !groups.has(path));
    expect(missing).toEqual([]);
  });

  it('has no rule for a command that kubectl does not have', () => {
    const known = new Set(everyCommand(kubectlRoot()));
    expect([...verbs.keys(), ...groups].filter((path) => path !== '' && !known.has(path))).toEqual([]);
  });

  it('knows which flags take values', () => {
    const get = kubectlRoot().children.get('get');
    expect(get?.flags.get('output')).toMatchObject({ shorthand: 'o', value: 'required', isGlobal: false });
    expect(get?.flags.get('watch')).toMatchObject({ shorthand: 'w', value: 'boolean' });
    expect(kubectlRoot().children.get('delete')?.flags.get('dry-run')?.value).toBe('optional');
    expect(kubectlRoot().flags.get('server')).toMatchObject({ shorthand: 's', value: 'required', isGlobal: true });
  });

  it('lets a command redefine a global flag', () => {
    expect(kubectlRoot().children.get('debug')?.flags.get('profile')?.isGlobal).toBe(false);
    expect(kubectlRoot().children.get('create')?.children.get('rolebinding')?.flags.get('user')?.isGlobal).toBe(false);
  });
});
