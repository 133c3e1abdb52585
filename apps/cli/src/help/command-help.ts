import { findCommand } from '../commands/table.ts';
import type { CommandSpec } from '../commands/table.ts';
import { wrapLines } from '../render/display-width.ts';
import { pages } from './pages.ts';
import { helpWidth, row } from './rows.ts';
import { helpWordsIn } from './words.ts';

const flagMargin = 32;

/** The text of `help COMMAND`; undefined where there is no such command. */
export function commandHelp(name: string, language: 'en' | 'zh', columns: number): string | undefined {
  const spec = findCommand(name);
  if (spec === undefined) return undefined;
  const text = helpWordsIn(language);
  const width = helpWidth(columns);
  const page = pages.get(spec.name);
  const flags = (spec.flags ?? []).flatMap((flag) =>
    row(
      `  ${flag.short === undefined ? '   ' : `-${flag.short},`} --${flag.name}${flag.placeholder === undefined ? '' : ` ${flag.placeholder}`}`,
      language === 'zh' ? flag.descriptionZh : flag.description,
      {
        width,
        margin: flagMargin,
      },
    ),
  );
  const parts = [
    wrapUsage(spec, width),
    [language === 'zh' ? spec.summaryZh : spec.summary],
    ...(page === undefined ? [] : [wrapLines(page.text[language], width)]),
    ...(page === undefined ? [] : [[text.examples, ...page.examples.map((example) => `  kubelet-wuhrai ${example}`)]]),
    ...(flags.length === 0 ? [] : [flags]),
    [text.flagsOfAll],
  ];
  return `${parts.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`;
}

function wrapUsage({ name, usage }: CommandSpec, width: number): readonly string[] {
  const line = `kubelet-wuhrai ${name}${usage === undefined ? '' : ` ${usage}`} [flags]`;
  return wrapLines(line, width - 2).map((part, at) => `${at === 0 ? '' : '    '}${part.trimStart()}`);
}
