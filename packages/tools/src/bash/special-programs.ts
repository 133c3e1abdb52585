import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { judgeWrittenPath } from '../effects/written-paths.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { ReadOptions } from './options.ts';
import { judgePaths } from './sensitive-paths.ts';
import { mayBeFlag } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

/** The longest sleep that is taken for a pause. */
const longestSleepSeconds = 600;

function strange(name: string, read: ReadOptions): readonly Finding[] {
  return read.strange === undefined
    ? []
    : [{ effect: 'unknown', reason: `${showOpaque(read.strange)} of ${name} is not known to be harmless` }];
}

function listed(finding: Finding | undefined): readonly Finding[] {
  return finding === undefined ? [] : [finding];
}

function reads(name: string): Finding {
  return { effect: 'read', reason: `${name} only reads` };
}

function judgeSort(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, {
    short: 'bdfghiMnRrVcCmsuzk:S:t:o:',
    long: 'key: field-separator: reverse unique numeric numeric-sort human-numeric-sort version-sort general-numeric-sort month-sort ignore-case ignore-leading-blanks stable check? merge zero-terminated buffer-size: parallel: output: sort:',
  });
  const output = optionValue(read, 'o', 'output');
  return [
    reads('sort'),
    ...strange('sort', read),
    ...(output === undefined
      ? []
      : [
          { effect: 'write', reason: `-o ${showOpaque(output)} of sort writes a file` } satisfies Finding,
          ...listed(judgeWrittenPath(output, `-o ${showOpaque(output)} of sort`)),
        ]),
    ...judgePaths(read.operands),
  ];
}

function judgeUniq(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, {
    short: 'cdDiuzf:s:w:',
    long: 'count repeated unique ignore-case skip-fields: skip-chars: check-chars: zero-terminated all-repeated? group?',
  });
  const writes = read.operands.length > 1 || read.operands.some((word) => word.loose !== undefined);
  return [
    reads('uniq'),
    ...strange('uniq', read),
    ...(writes
      ? [
          { effect: 'write', reason: 'uniq writes its second file' } satisfies Finding,
          ...listed(judgeWrittenPath(read.operands[1]?.text ?? '', 'uniq')),
        ]
      : []),
    ...judgePaths(read.operands),
  ];
}

function judgeTail(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, {
    short: 'c:n:qvzfFs:1',
    long: 'bytes: lines: quiet silent verbose zero-terminated follow? retry sleep-interval: pid:',
  });
  const isKnown = read.strange === undefined;
  const follows = hasOption(read, 'f', 'F', 'follow');
  const endless: Finding = { trait: 'unbounded', reason: '-f of tail never ends', refusal: 'Leave out -f, or put timeout 30 in front.' };
  // An option that is not known could only be -f.
  return [
    reads('tail'),
    ...(follows || !isKnown ? [endless] : []),
    ...judgePaths(isKnown ? read.operands : words.filter((word) => !word.text.startsWith('-'))),
  ];
}

function judgeDate(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, { short: 'd:uRI:r:f:', long: 'date: utc universal rfc-email iso-8601? rfc-3339: reference: file:' });
  const sets = read.operands.some((word) => !word.text.startsWith('+'));
  const file = optionValue(read, 'f', 'file');
  return [
    reads('date'),
    ...(file === undefined ? [] : judgePaths([{ text: file }])),
    ...strange('date', read),
    ...(sets ? [{ effect: 'dangerous', reason: 'date with a bare operand sets the clock' } satisfies Finding] : []),
  ];
}

function judgeSleep(words: readonly ShellWord[]): readonly Finding[] {
  const total = words.reduce((sum, word) => sum + sleepSeconds(word.text), 0);
  const endless: Finding = { trait: 'unbounded', reason: 'sleep for so long never ends here', refusal: 'Sleep for at most a minute.' };
  return [reads('sleep'), ...(total <= longestSleepSeconds ? [] : [endless])];
}

function sleepSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
  if (match === null) return hasOpaque(text) ? 0 : Number.POSITIVE_INFINITY;
  return Number(match[1]) * (match[2] === 'd' ? 86_400 : match[2] === 'h' ? 3_600 : match[2] === 'm' ? 60 : 1);
}

function judgePrintf(words: readonly ShellWord[]): readonly Finding[] {
  const [format] = words;
  const isPlain = format !== undefined && !mayBeFlag(format) && (!format.text.startsWith('-') || format.text === '--');
  return [isPlain ? reads('printf') : { effect: 'unknown', reason: 'the format of printf is not known before or is an option' }];
}

function judgeTest(words: readonly ShellWord[]): readonly Finding[] {
  const operands = words.at(-1)?.text === ']' ? words.slice(0, -1) : words;
  const plain = operands.filter((word) => word.text !== '!');
  const evaluates = operands.some((word) => word.text === '-v' || word.text === '-R' || word.loose === 'any');
  const unclear = plain.some(mayBeFlag) && (plain.length > 3 || (plain.length === 2 && plain[0] !== undefined && mayBeFlag(plain[0])));
  return [evaluates || unclear ? { effect: 'unknown', reason: 'test with words that are not known before can run code' } : reads('test')];
}

function judgePs(words: readonly ShellWord[]): readonly Finding[] {
  const showsEnvironment = words.some((word) => hasOpaque(word.text) || /^(?!-)[a-z]*e[a-z]*$/i.test(word.text) || /E/.test(word.text));
  return [
    reads('ps'),
    ...(showsEnvironment ? [{ trait: 'sensitive', reason: 'ps e shows the environment of processes' } satisfies Finding] : []),
  ];
}

function judgeXxd(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, { short: 'abc:eg:il:o:prs:u', long: '' });
  const writes = read.operands.length > 1 || read.operands.some((word) => word.loose !== undefined);
  return [
    reads('xxd'),
    ...strange('xxd', read),
    ...(writes
      ? [
          { effect: 'write', reason: 'xxd writes its second file' } satisfies Finding,
          ...listed(judgeWrittenPath(read.operands[1]?.text ?? '', 'xxd')),
        ]
      : []),
    ...judgePaths(read.operands),
  ];
}

function judgeYq(words: readonly ShellWord[]): readonly Finding[] {
  const read = readOptions(words, {
    short: 'jrPNnMCeo:p:I:iR0cSsy',
    long: 'output-format: input-format: indent: prettyPrint no-doc null-input no-colors colors exit-status inplace unwrapScalar? raw-output compact-output sort-keys slurp yaml-output tojson',
  });
  const program = words.map((word) => word.text).join(' ');
  return [
    reads('yq'),
    ...strange('yq', read),
    ...(hasOption(read, 'i', 'inplace')
      ? [
          { effect: 'write', reason: '-i of yq changes files' } satisfies Finding,
          ...read.operands.flatMap((word) => listed(judgeWrittenPath(word.text, `-i of yq on ${showOpaque(word.text)}`))),
        ]
      : []),
    ...(/\b(?:load\w*|system|str_?env|envsubst)\b|(?<![.\w])env\s*\(|\$ENV/.test(program) || words.some((word) => hasOpaque(word.text))
      ? [{ effect: 'unknown', reason: 'the yq program can read files or the environment, or is not known before' } satisfies Finding]
      : []),
    ...(hasOption(read, 's') && !hasOption(read, 'y', 'r', 'c')
      ? [{ effect: 'write', reason: '-s of yq may write files' } satisfies Finding]
      : []),
    ...judgePaths(read.operands.filter((word) => /\.(?:ya?ml|json|conf|config|pem|key)$|^[~/]/.test(word.text))),
  ];
}

const judges: ReadonlyMap<string, (words: readonly ShellWord[]) => readonly Finding[]> = new Map([
  ['sort', judgeSort],
  ['uniq', judgeUniq],
  ['tail', judgeTail],
  ['date', judgeDate],
  ['sleep', judgeSleep],
  ['printf', judgePrintf],
  ['test', judgeTest],
  ['[', judgeTest],
  ['ps', judgePs],
  ['xxd', judgeXxd],
  ['yq', judgeYq],
]);

/** Judges programs that read unless an option or an operand says otherwise; undefined for all others. */
export function judgeSpecial(name: string, words: readonly ShellWord[]): Judgement | undefined {
  const judge = judges.get(name);
  return judge === undefined ? undefined : conclude(judge(words));
}
