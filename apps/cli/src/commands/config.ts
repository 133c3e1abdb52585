import type { LoadedConfig, SourcedValue } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import { displayWidth } from '../render/display-width.ts';
import { safeText } from '../render/safe-text.ts';
import { createStyle, takesColor } from '../render/style.ts';
import { pad } from './columns.ts';
import type { CommandContext } from './context.ts';
import { wantsJson } from './context.ts';
import { jsonText } from '../render/json-text.ts';

/** Prints every setting, its value and its source. Secrets are not shown. */
export async function showConfig(context: CommandContext): Promise<number> {
  const { host, loaded } = context;
  if (wantsJson(context)) {
    host.stdout.write(`${jsonText({ file: loaded.config.configFile, settings: Object.fromEntries(loaded.sources) }, 2)}\n`);
    return exitCodes.answered;
  }
  const style = createStyle(takesColor(host.stdout, host.env));
  const rows = rowsOf(loaded);
  const widths = [0, 1].map((column) => Math.min(maxWidth, Math.max(...rows.map((row) => displayWidth(row.texts[column] ?? '')))));
  for (const { texts, isSet } of rows) {
    const [key = '', value = '', origin = ''] = texts;
    const shown = `${pad(key, widths[0] ?? 0)}  ${pad(value, widths[1] ?? 0)}`;
    host.stdout.write(`${isSet ? style.bold(shown) : shown}  ${style.dim(origin)}\n`);
  }
  return exitCodes.answered;
}

/** A longer value pushes its source to the right, not those of all others. */
const maxWidth = 40;

function rowsOf({ sources, config }: LoadedConfig): readonly { readonly texts: readonly string[]; readonly isSet: boolean }[] {
  return [...sources].map(([key, source]) => ({
    texts: [key, safeText(source.value === '' ? '-' : source.value), originOf(source, config.language)],
    isSet: source.layer !== 'default',
  }));
}

function originOf({ layer, origin }: SourcedValue, language: 'en' | 'zh'): string {
  return layer === 'default' ? (language === 'zh' ? '默认' : 'default') : safeText(origin);
}
