import type { OptionKey, OptionSpec } from '@kw/runtime';
import { options } from '@kw/runtime';
import { commands } from '../commands/table.ts';
import { wrapLines } from '../render/display-width.ts';
import { helpWidth, row } from './rows.ts';
import type { Group } from './words.ts';
import { helpWordsIn } from './words.ts';

const flagMargin = 32;
const commandMargin = 20;
const usageMargin = 42;

/** The text of `--help`, made from the tables of commands and settings and wrapped at words for a terminal of so many columns. */
export function helpText(language: 'en' | 'zh', version: string, columns: number): string {
  const text = helpWordsIn(language);
  const width = helpWidth(columns);
  const table = commands.filter(({ hidden }) => hidden !== true);
  const parts = [
    wrapLines(`kubelet-wuhrai ${version} - ${text.what}`, width),
    [text.usageTitle, ...text.usage.flatMap(([line, meaning]) => row(`  ${line}`, meaning, { width, margin: usageMargin }))],
    [
      ...wrapLines(text.commands, width),
      ...table.flatMap((spec) =>
        row(`  ${spec.name}`, language === 'zh' ? spec.summaryZh : spec.summary, { width, margin: commandMargin }),
      ),
      ...wrapLines(text.more, width),
    ],
    [text.examples, ...text.exampleLines.map((line) => `  ${line}`)],
    [...wrapLines(text.flags, width), ...flagLines(language, width)],
    [text.exitCodes, ...text.exitCodeLines.map(([code, meaning]) => `${code.padStart(5)}  ${meaning}`)],
  ];
  return `${parts.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`;
}

/** The settings stand in the order of the documentation; with these keys another group begins. */
const firstOfGroup = new Map<OptionKey, Group>([
  ['llm-provider', 'model'],
  ['kubeconfig', 'cluster'],
  ['permissions', 'permissions'],
  ['max-iterations', 'limits'],
  ['tools-config', 'tools'],
  ['quiet', 'output'],
  ['user-interface', 'service'],
  ['resume-session', 'sessions'],
  ['log-file', 'files'],
]);

function flagLines(language: 'en' | 'zh', width: number): readonly string[] {
  const specs: readonly OptionSpec[] = options;
  let group: Group | undefined;
  const lines: string[] = [];
  for (const spec of specs) {
    group = firstOfGroup.get(spec.key) ?? group;
    if (spec.flag === false) continue;
    if (group !== undefined) lines.push('', `  ${helpWordsIn(language).groups[group]}`);
    group = undefined;
    lines.push(...flagRow(spec, language, width));
  }
  return lines;
}

function flagRow(spec: OptionSpec, language: 'en' | 'zh', width: number): readonly string[] {
  const name = `  ${spec.short === undefined ? '    ' : `-${spec.short}, `}${nameOf(spec)}${valueOf(spec)}`;
  const isSaid = spec.fallback !== undefined && spec.fallback !== false;
  const fallback = isSaid ? ` (${helpWordsIn(language).fallback} ${String(spec.fallback)})` : '';
  return row(name, `${language === 'zh' ? spec.descriptionZh : spec.description}${fallback}`, { width, margin: flagMargin });
}

function nameOf({ key, short }: OptionSpec): string {
  return key === short ? '' : `--${key}`;
}

function valueOf({ kind, key, short }: OptionSpec): string {
  const before = key === short ? '' : ' ';
  switch (kind.type) {
    case 'text':
      return `${before}${kind.placeholder}`;
    case 'list':
      return `${before}${kind.placeholder},...`;
    case 'integer':
    case 'decimal':
      return `${before}N`;
    case 'seconds':
      return `${before}SECONDS`;
    case 'choice':
      return `${before}${kind.values.join('|')}`;
    case 'switch':
    case 'texts':
    case 'providers':
    case 'rules':
    case 'entries':
      return '';
  }
}
