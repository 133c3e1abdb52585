import { describe, expect, it } from 'vitest';
import { judgeShell } from '../../src/bash/judge-shell.ts';
import { judgeKubectl } from '../../src/kubectl/judge-kubectl.ts';
import { destroyers, networkers, screens, writers } from '../../src/bash/words-of-programs.ts';
import { verbs } from '../../src/kubectl/verbs.ts';
import { kubectlTemplates } from '../../src/reasons/kubectl-templates.ts';
import { reasonsIn } from '../../src/reasons/localize-reason.ts';
import { policyTemplates } from '../../src/reasons/policy-templates.ts';
import { shellTemplates } from '../../src/reasons/shell-templates.ts';
import { readCorpus } from '../effects/corpus.ts';

const zh = reasonsIn('zh');
const templates = [...kubectlTemplates, ...shellTemplates, ...policyTemplates];
const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\d\*?\}/g)].map(([found]) => found).toSorted((one, other) => one.localeCompare(other));

describe('reasons in Chinese', () => {
  it('stay English in English', () => {
    expect(reasonsIn('en')('get reads objects')).toBe('get reads objects');
  });

  it.each([
    ['get reads objects', 'get 读取对象'],
    ['--all: delete reaches every object of a collection', '--all：delete 会影响集合中的所有对象'],
    ['exec runs rm in a container: rm removes files', 'exec 在容器中运行 rm：rm 删除文件'],
    ['exec runs sh in a container: rm removes files; > x writes a file', 'exec 在容器中运行 sh：rm 删除文件；> x 写入文件'],
    ['istio install is write by a rule of /tools.yaml:1', '按 /tools.yaml:1 的规则，istio install 是写入'],
    ['a call that is a write needs an approval', '写操作需要批准'],
    ['what restart of the MCP server "ops" does is not known here', '此处不清楚 MCP 服务 "ops" 的 restart 会做什么'],
    ['an approval tells the server confirm = true, a denial declines', '批准即告诉该服务 confirm = true，拒绝即不予回答'],
    ['an approval tells the server yes, a denial no', '批准即回答“是”，拒绝即回答“否”'],
    ['of its own making', 'of its own making'],
  ])('%s: %s', (reason, expected) => {
    expect(zh(reason)).toBe(expected);
  });

  it.each(templates)('%s has the same placeholders', (english, chinese) => {
    expect(placeholders(chinese)).toEqual(placeholders(english));
  });

  it('has no template twice', () => {
    const english = templates.map(([text]) => text);
    expect(english.filter((text, at) => english.indexOf(text) !== at)).toEqual([]);
  });

  it('exist for every reason that the corpus brings up', () => {
    const reasons = new Set<string>();
    for (const name of ['reads', 'changes', 'bypasses', 'shell']) {
      for (const { command } of readCorpus(name)) {
        const shell = name === 'shell' ? command : command.startsWith('$ ') ? command.slice(2) : undefined;
        const judged = shell === undefined ? judgeKubectl(command) : judgeShell(shell);
        for (const reason of [judged, ...(judged.parts ?? [])].flatMap((each) => each.reasons)) reasons.add(reason);
      }
    }
    expect([...reasons].filter((reason) => zh(reason) === reason)).toEqual([]);
  });

  it('exist for every verb and program of the tables', () => {
    const lines = [
      ...[...verbs].map(([verb, { does }]) => `${verb} ${does}`),
      ...[...writers, ...destroyers].map(([name, does]) => `${name} ${does}`),
      ...[...screens.keys(), ...networkers].flatMap((name) => judgeShell(name).reasons),
    ];
    expect(lines.filter((reason) => zh(reason) === reason)).toEqual([]);
  });
});
