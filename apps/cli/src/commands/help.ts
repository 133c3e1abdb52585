import { nearNames } from '@kw/runtime';
import { usageError } from '../errors.ts';
import { exitCodes } from '../exit-code.ts';
import { commandHelp } from '../help/command-help.ts';
import { helpText } from '../help/help.ts';
import type { BareContext } from './context.ts';
import { commands } from './table.ts';

/** Prints the help of the program, or of one command. */
export async function help({ line: { words }, host, version, language }: BareContext): Promise<number> {
  const [name] = words;
  const columns = host.stdout.columns();
  const text = name === undefined ? helpText(language, version, columns) : commandHelp(name, language, columns);
  if (text === undefined) throw unknownCommand(name ?? '');
  host.stdout.write(text);
  return exitCodes.answered;
}

function unknownCommand(name: string): Error {
  const names = commands.filter(({ hidden }) => hidden !== true).map((command) => command.name);
  const [near] = nearNames(name, names);
  const shown = JSON.stringify(name);
  return usageError({
    en: `there is no command ${shown}${near === undefined ? '' : `; did you mean ${near}?`} Commands are ${names.join(', ')}.`,
    zh: `没有子命令 ${shown}${near === undefined ? '' : `；是否应为 ${near}？`}。子命令有：${names.join('、')}。`,
  });
}
