/** The language of messages before the configuration is read: `--lang`, else the locale. */
export function languageOf(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): 'en' | 'zh' {
  for (const [index, argument] of argv.entries()) {
    if (argument === '--') break;
    const value = argument === '--lang' ? argv[index + 1] : argument.startsWith('--lang=') ? argument.slice('--lang='.length) : undefined;
    if (value === 'en' || value === 'zh') return value;
  }
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'zh' : 'en';
}
