import type { CommandNode, ParsedScript, PipelineNode, PipeOperator } from 'unbash';
import { shownBy } from '../kubectl/output-format.ts';
import { isOn, lastValue, parseKubectlArgv } from '../kubectl/parse-kubectl.ts';
import { literalText } from './variables.ts';
import type { Shape } from './variables.ts';

const anything: Shape = { type: 'any' };
// Kinds whose names are DNS labels or subdomains: they begin with a letter or a digit. (Names of RBAC objects may begin with a dash.)
const dnsNamed: ReadonlySet<string> = new Set([
  'pods',
  'deployments',
  'services',
  'nodes',
  'namespaces',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'configmaps',
  'secrets',
  'ingresses',
  'persistentvolumeclaims',
  'persistentvolumes',
  'serviceaccounts',
  'endpoints',
  'horizontalpodautoscalers',
  'poddisruptionbudgets',
  'networkpolicies',
  'storageclasses',
  'replicationcontrollers',
  'resourcequotas',
  'limitranges',
]);

// Prints nothing but names of objects, one word each.
const namesByJsonpath =
  /^jsonpath=\s*(?:\{\s*(?:range \.items\[\*\]|end|"(?:\\n|\\t| )*"|(?:\.items\[(?:\*|\d+)\])?\.metadata\.(?:name|namespace))\s*\}\s*)+$/;
const nameColumn = /^custom-columns=\w*:\.?metadata\.(?:name|namespace)$/;
// `awk 'TEST {print $1}'`, where the test can change nothing.
const printsColumn =
  /^(?:(?:!?\/[\w .:-]*\/|NR ?[<>=!]=? ?\d+|\$\d+ ?(?:==|!=|~|!~|>=?|<=?) ?(?:"[\w .:/-]*"|\/[\w .:|^$-]*\/|\d+))(?: ?(?:&&|\|\|) ?)?)*\s*\{ ?print \$([12]);? ?\}$/;

/** Words of a command of which every one is literal; undefined where it is not so plain. */
function literalWords(command: CommandNode | PipelineNode): readonly string[] | undefined {
  if (command.type !== 'Command' || command.name === undefined || command.prefix.length > 0) return undefined;
  // Messages of errors are words of somebody else.
  const isPlain = command.redirects.every(
    (redirect) =>
      redirect.type === 'Redirect' &&
      redirect.operator === '>' &&
      redirect.descriptor?.type === 'FileDescriptor' &&
      redirect.descriptor.value === 2 &&
      redirect.target?.text === '/dev/null',
  );
  if (!isPlain) return undefined;
  const words = [command.name, ...command.args].map((word) => (word.type === 'Word' ? literalText(word) : undefined));
  return words.every((word) => word !== undefined) ? words : undefined;
}

/** What a pipeline prints: plain names, tables whose first column (or first two) is a plain name, a number, or anything. */
export interface Source {
  readonly type: 'names' | 'columns' | 'columns-of-all' | 'number' | 'any';
  /** What every name begins with, such as `pods/`. */
  readonly prefix?: string;
}

/** Output of which nothing is known. */
export const anySource: Source = { type: 'any' };

/** What kubectl prints, one line each: plain names, or a table whose first column (with -A the second, too) is a plain name. */
function sourceOf(words: readonly string[] | undefined): Source {
  if (words?.[0] !== 'kubectl') return anySource;
  const command = parseKubectlArgv(words.slice(1));
  if (command.type === 'parsed' && command.verb === 'api-resources' && command.output === 'name') return { type: 'names' };
  if (command.type !== 'parsed' || command.verb !== 'get' || lastValue(command.uses, 'raw') !== undefined || command.files.length > 0)
    return anySource;
  const { kinds } = command.operands;
  if (command.output === 'name')
    return { type: 'names', ...(kinds.length === 1 && kinds[0] !== 'all' && { prefix: `${kinds[0] ?? ''}/` }) };
  if (kinds.length !== 1 || !kinds.every((kind) => dnsNamed.has(kind))) return anySource;
  if (namesByJsonpath.test(command.output ?? '') || nameColumn.test(command.output ?? '')) return { type: 'names' };
  const isTable = shownBy(command.output, lastValue(command.uses, 'template')) === 'table';
  if (!isTable || ['show-kind', 'watch', 'watch-only', 'output-watch-events'].some((flag) => isOn(command.uses, flag) !== false))
    return anySource;
  return { type: command.allNamespaces ? 'columns-of-all' : 'columns' };
}

/** Names without their kind in front: still plain names where the kind's names begin with a letter or a digit. */
export function withoutPrefix(source: Source): Source {
  return source.type === 'names' && source.prefix !== undefined && dnsNamed.has(source.prefix.slice(0, -1)) ? { type: 'names' } : anySource;
}

/** What a filter makes of the lines that it reads. */
function filtered(source: Source, words: readonly string[] | undefined): Source {
  const [program, ...args] = words ?? [];
  const line = args.join(' ');
  const keeps = (isKept: boolean): Source => (isKept ? source : anySource);
  switch (program) {
    case 'wc':
      return /^-[lwcm]$/.test(line) ? { type: 'number' } : anySource;
    case 'head':
      return keeps(/^(?:-n ?\d+|-\d+)?$/.test(line));
    case 'tail':
      return keeps(/^(?:-n ?\+?\d+|-\d+)?$/.test(line));
    case 'sort':
      return keeps(/^(?:-[rnuVh]+(?: |$))*$/.test(line));
    case 'uniq':
      return keeps(line === '');
    case 'grep':
    case 'egrep':
    case 'fgrep': {
      const isPlain = args.filter((arg) => !arg.startsWith('-')).length === 1;
      if (
        isPlain &&
        args.every((arg) => !arg.startsWith('-') || /^-[EFGPviwx]*c[EFGPviwx]*$/.test(arg) || /^-[EFGPviwx]+$/.test(arg)) &&
        args.some((arg) => /^-\w*c/.test(arg))
      )
        return { type: 'number' };
      return keeps(isPlain && args.every((arg) => !arg.startsWith('-') || /^-[EFGPviwx]+$/.test(arg)));
    }
    case 'awk': {
      const column = args.length === 1 ? printsColumn.exec(line)?.[1] : undefined;
      if (source.type === 'columns-of-all') return column === undefined ? anySource : { type: 'names' };
      if (column !== '1') return anySource;
      return source.type === 'columns' ? { type: 'names' } : keeps(source.type === 'names');
    }
    case 'tr':
      return keeps(source.type === 'names' && (line === '\\n  ' || line === '  \\n'));
    case 'cut':
      return /^-d ?\/ -f ?2$/.test(line) ? withoutPrefix(source) : anySource;
    case 'sed':
      return /^s(?:\/\^?[a-z.]+\\\/\/\/|([|#,@])\^?[a-z.]+\/\1\1)g?$/.test(line) ? withoutPrefix(source) : anySource;
    default:
      return anySource;
  }
}

/** What a pipeline prints, as far as its commands tell. */
export function sourceOfCommands(commands: readonly (CommandNode | PipelineNode)[], operators: readonly PipeOperator[]): Source {
  const [first, ...filters] = commands;
  if (first === undefined || operators.includes('|&')) return anySource;
  return filters.reduce<Source>((before, filter) => filtered(before, literalWords(filter)), sourceOf(literalWords(first)));
}

function toShape(source: Source): Shape {
  if (source.type === 'number') return { type: 'number' };
  return source.type === 'names' ? { type: 'names', ...(source.prefix !== undefined && { prefix: source.prefix }) } : anything;
}

/** What a command substitution prints: known only where it is one pipeline. */
export function shapeOfScript(script: ParsedScript | undefined): Shape {
  const [statement, ...more] = script?.commands ?? [];
  if (statement === undefined || more.length > 0 || statement.background === true) return anything;
  const { command } = statement;
  if (command.type === 'Pipeline')
    return command.prefixes.length > 0 ? anything : toShape(sourceOfCommands(command.commands, command.operators));
  return command.type === 'Command' ? toShape(sourceOfCommands([command], [])) : anything;
}
