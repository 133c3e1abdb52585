import type { CliHost } from '../../host.ts';
import { displayWidth, wrapLines } from '../../render/display-width.ts';
import { safeText } from '../../render/safe-text.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import { pad } from '../columns.ts';
import type { Checked, Status } from './check.ts';

const statusWords: Readonly<
  Record<Status, { readonly en: string; readonly zh: string; readonly style: 'green' | 'yellow' | 'red' | 'dim' }>
> = {
  ok: { en: 'ok', zh: '正常', style: 'green' },
  warn: { en: 'warn', zh: '警告', style: 'yellow' },
  fail: { en: 'fail', zh: '失败', style: 'red' },
  skipped: { en: 'skip', zh: '跳过', style: 'dim' },
};

const statusColumns = 6;
const titleColumns = 15;
const indent = statusColumns + titleColumns;
/** Narrower, and what was found is not set beside its title. */
const minMessageColumns = 24;

/** One line of a check: how it ended, what was found, and the way out. Wrapped on a terminal, a single line elsewhere. */
export function renderChecked(
  { status, title, message, fix }: Checked,
  { stdout, env, home }: Pick<CliHost, 'stdout' | 'env' | 'home'>,
  language: 'en' | 'zh',
): string {
  const style = createStyle(takesColor(stdout, env));
  const word = statusWords[status];
  const head = style[word.style](pad(word[language], statusColumns)) + pad(title[language], titleColumns);
  const way = fix === undefined ? '' : `${language === 'zh' ? ' → ' : ' -> '}${safeText(fix[language])}`;
  const text = safeText(message[language]).replaceAll(/\s*\n\s*/g, ' ') + way;
  if (!stdout.isTTY) return `${head}${text}\n`;
  const short = home.length > 1 ? text.replaceAll(`${home}/`, '~/') : text;
  const width = Math.max(minMessageColumns, stdout.columns() - indent - 1);
  return `${head}${wrapLines(short, width)
    .map((line) => line.trim())
    .join(`\n${' '.repeat(displayWidth(head))}`)}\n`;
}

/** How many checks ended how. */
export function renderSummary(checked: readonly Checked[], language: 'en' | 'zh'): string {
  const count = (status: Status): number => checked.filter((each) => each.status === status).length;
  const [warned, failed] = [count('warn'), count('fail')];
  if (language === 'zh') return `\n共 ${checked.length} 项：${failed} 项失败，${warned} 项警告。\n`;
  return `\n${checked.length} checks: ${failed} failed, ${warned} ${warned === 1 ? 'warning' : 'warnings'}.\n`;
}
