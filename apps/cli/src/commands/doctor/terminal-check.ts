import type { CliHost } from '../../host.ts';
import { takesColor } from '../../render/style.ts';
import type { Finding } from './check.ts';

/** Narrower terminals show everything, but with ugly breaks. */
const minColumns = 60;

/** What the terminal can show. */
export async function checkTerminal({ stdout, env }: Pick<CliHost, 'stdout' | 'env'>): Promise<Finding> {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (!stdout.isTTY)
    return { status: 'ok', message: { en: 'standard output is no terminal: plain text', zh: '标准输出不是终端：输出纯文本' } };
  const columns = stdout.columns();
  const color = takesColor(stdout, env);
  const shown = {
    en: `${columns} columns, ${color ? 'colours' : 'no colours'}, ${locale || 'no locale'}`,
    zh: `${columns} 列，${color ? '彩色' : '无颜色'}，${locale || '未设置区域'}`,
  };
  if (!/utf-?8/i.test(locale))
    return {
      status: 'warn',
      message: shown,
      fix: { en: 'for all characters: export LANG=en_US.UTF-8 (or another UTF-8 locale)', zh: '为正确显示字符：export LANG=zh_CN.UTF-8' },
    };
  if (columns < minColumns)
    return { status: 'warn', message: shown, fix: { en: `${minColumns} columns show more`, zh: `建议至少 ${minColumns} 列` } };
  return { status: 'ok', message: shown };
}
