import type { Preset } from '@kw/providers';
import { presets } from '@kw/providers';
import { docsTextsEn } from './docs-en.ts';
import type { DocsTexts } from './docs-texts.ts';
import { docsTextsZh } from './docs-zh.ts';
import type { OptionSpec } from './option.ts';
import { options } from './options.ts';

/** The languages of the page. */
export type DocsLanguage = 'en' | 'zh';

const languages: Readonly<Record<DocsLanguage, DocsTexts>> = { en: docsTextsEn, zh: docsTextsZh };

/** The text of `docs/configuration.md` (or of its Chinese twin), made from the table that the program reads. */
export function configurationDocs(language: DocsLanguage = 'en'): string {
  const texts = languages[language];
  const providers = presets.filter(({ builtIn }) => builtIn !== true).map((preset) => providerRow(preset, texts));
  return [texts.head, ...options.map((spec) => section(spec, texts)), texts.providers, ...providers, texts.tail].join('\n');
}

function section(spec: OptionSpec, texts: DocsTexts): string {
  const { rows: names, list } = texts;
  const rows = [
    [names.key, spec.file === false ? '-' : codes([spec.key, ...(spec.aliases ?? [])], list)],
    [names.flag, spec.flag === false ? '-' : codes(flagsOf(spec), list)],
    [names.variable, spec.env === undefined ? '-' : codes(spec.env, list)],
    [names.value, texts.value(spec.kind)],
    [names.fallback, spec.fallback === undefined ? '-' : `\`${String(spec.fallback)}\``],
    ...(spec.example === undefined ? [] : [[names.example, `\`${spec.key}: ${spec.example}\``]]),
  ];
  const table = rows.map(([name, value]) => `| ${name ?? ''} | ${value ?? ''} |`).join('\n');
  return `### ${spec.key}\n\n${texts.description(spec)}\n\n| | |\n|---|---|\n${table}\n`;
}

function flagsOf({ key, short, aliases = [] }: OptionSpec): readonly string[] {
  return [...(short === undefined ? [] : [`-${short}`]), ...[key, ...aliases].map((name) => `--${name}`)];
}

function codes(names: readonly string[], list: string): string {
  return names.map((name) => `\`${name}\``).join(list);
}

function providerRow(preset: Preset, { list, provider }: DocsTexts): string {
  const { id, aliases, keyVariables, keyRequired, endpointVariables, defaultModel, experimental, keyCommand } = preset;
  const name = `${codes([id, ...aliases], list)}${experimental === true ? provider.experimental : ''}`;
  const otherwise = keyCommand === undefined ? '' : `${provider.otherwise}\`${keyCommand.join(' ')}\``;
  const keys = `${codes(keyVariables, list)}${keyRequired ? '' : provider.optional}${otherwise}`;
  const model = defaultModel === undefined ? '-' : `\`${defaultModel}\``;
  return `| ${name} | ${keys} | ${codes(endpointVariables, list)} | ${model} |`;
}
