import type { HereDoc, ParsedScript, Redirection } from 'unbash';
import type { Finding } from '../effects/judgement.ts';
import { judgeWrittenPath } from '../effects/written-paths.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import { expandWord } from './expand.ts';
import type { Expansion, ExpansionScope } from './expand.ts';
import { judgePaths } from './sensitive-paths.ts';

function judgeWrittenFile(path: string): Finding | undefined {
  return judgeWrittenPath(path, `> ${showOpaque(path)}`);
}

function judgeReadFile(path: string): readonly Finding[] {
  if (path.startsWith('/dev/tcp/') || path.startsWith('/dev/udp/')) return [{ effect: 'unknown', reason: `${path} opens a connection` }];
  return judgePaths([{ text: path }]);
}

function judgeHereDoc(heredoc: HereDoc, scope: ExpansionScope): Expansion {
  const { pos, end, text, parts } = heredoc.body;
  if (parts === undefined) return { words: [], scripts: [], findings: [] };
  const inner = expandWord(
    {
      type: 'Word',
      text,
      value: text,
      pos,
      end,
      parts: [{ type: 'DoubleQuoted', pos, end, text, parts: parts.filter((part) => isDoubleQuotable(part)) }],
    },
    scope,
  );
  return { ...inner, words: [] };
}

/** The text of a here-document in which nothing is expanded; undefined where that is not so. */
export function hereDocText(heredoc: HereDoc): string | undefined {
  const isPlain = heredoc.delimiter?.quoted === true || (heredoc.body.parts ?? []).every((part) => part.type === 'Literal');
  if (!isPlain) return undefined;
  return heredoc.operator === '<<-' ? heredoc.body.text.replaceAll(/^\t+/gm, '') : heredoc.body.text;
}

type Quotable = Extract<
  NonNullable<HereDoc['body']['parts']>[number],
  { type: 'Literal' | 'SimpleExpansion' | 'ParameterExpansion' | 'CommandExpansion' | 'ArithmeticExpansion' }
>;

function isDoubleQuotable(part: NonNullable<HereDoc['body']['parts']>[number]): part is Quotable {
  return ['Literal', 'SimpleExpansion', 'ParameterExpansion', 'CommandExpansion', 'ArithmeticExpansion'].includes(part.type);
}

/** What a redirection does, with the scripts that run while its target is made. */
export function judgeRedirection(
  redirection: Redirection,
  scope: ExpansionScope,
): { readonly findings: readonly Finding[]; readonly scripts: readonly ParsedScript[] } {
  if (redirection.type === 'HereDoc') return judgeHereDoc(redirection, scope);
  const named: readonly Finding[] =
    redirection.descriptor?.type === 'FileDescriptorVariable'
      ? [{ effect: 'unknown', reason: `{${redirection.descriptor.name}} sets a variable` }]
      : [];
  if (redirection.target === undefined) return { findings: [{ effect: 'unknown', reason: 'a redirection without a target' }], scripts: [] };
  const { words, scripts, findings } = expandWord(redirection.target, scope);
  const path = words.map((word) => word.text).join(' ');
  const isOpen = words.length !== 1 || words[0]?.loose !== undefined || (hasOpaque(path) && !/^[\w./-]*[\w-]\/|^\/dev\/fd\//.test(path));
  const own: Finding[] = [];
  switch (redirection.operator) {
    case '<<<':
      break;
    case '<':
      if (isOpen) own.push({ effect: 'unknown', reason: 'the file that < reads is not known before' });
      else own.push(...judgeReadFile(path));
      break;
    case '<&':
      if (!/^(?:\d+-?|-)$/.test(path)) own.push({ effect: 'unknown', reason: `<&${showOpaque(path)} is not understood` });
      break;
    case '>&':
      if (!/^(?:\d+-?|-)$/.test(path)) own.push(judgeWrittenFile(path) ?? { effect: 'read', reason: 'output goes nowhere' });
      break;
    case '>':
    case '>>':
    case '>|':
    case '&>':
    case '&>>':
    case '<>': {
      const written = judgeWrittenFile(path);
      if (written !== undefined) own.push(written);
      if (isOpen) own.push({ effect: 'unknown', reason: `the file that ${redirection.operator} writes is not known before` });
      break;
    }
    default:
      return redirection satisfies never;
  }
  return { findings: [...named, ...findings, ...own], scripts };
}
