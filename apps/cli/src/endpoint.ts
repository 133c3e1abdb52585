import { findPreset } from '@kw/runtime';
import type { CommandLine } from './args.ts';
import { usageError } from './errors.ts';

/**
 * A lone positional `scheme://host...` whose scheme is a provider is the endpoint, not the question, which then comes from standard input or a person.
 * Throws KwError `bad-usage` where another provider is named beside it.
 */
export function withEndpoint(line: CommandLine, known: (scheme: string) => boolean): CommandLine {
  const [word] = line.words;
  if (line.command !== 'ask' || word === undefined || line.words.length !== 1) return line;
  const [, scheme, rest] = /^([a-z][a-z0-9-]*):\/\/([^\s/]\S*)$/i.exec(word) ?? [];
  if (scheme === undefined || rest === undefined || !known(scheme.toLowerCase())) return line;
  const named = line.flags['llm-provider'];
  if (typeof named === 'string' && !isSame(named, scheme)) {
    throw usageError({
      en: `${word} and --llm-provider=${named} name two providers: leave one of them out`,
      zh: `${word} 与 --llm-provider=${named} 指定了两个不同的服务：请去掉其中一个`,
    });
  }
  return { ...line, words: [], flags: { ...line.flags, 'llm-provider': `${scheme.toLowerCase()}://${rest}` } };
}

function isSame(left: string, right: string): boolean {
  return (findPreset(left)?.id ?? left) === (findPreset(right)?.id ?? right);
}
