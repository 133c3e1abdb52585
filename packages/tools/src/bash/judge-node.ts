import { forEachChild } from 'unbash';
import type {
  AndOr,
  ArithmeticExpression,
  CommandNode,
  CompoundList,
  For,
  Function as ShellFunction,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Statement,
  SyntaxNode,
  While,
} from 'unbash';
import type { Finding } from '../effects/judgement.ts';
import { judgeArithmetic, scriptsOfArithmetic } from './arithmetic.ts';
import { judgeAssignedName } from './environment.ts';
import { walkCommand, walkRedirections, walkWords } from './judge-command.ts';
import { walkTest } from './judge-test.ts';
import { anySource, sourceOfCommands } from './output-shape.ts';
import { hereDocText } from './redirects.ts';
import { literalText } from './variables.ts';
import type { Shape } from './variables.ts';
import { gather, onlyFindings, parseErrors, spend } from './walk.ts';
import type { Walk, Walked } from './walk.ts';

function refused(walk: Walk, what: string): Walked {
  return onlyFindings(walk, [{ effect: 'unknown', reason: `${what} is not judged` }]);
}

function walkList(statements: readonly Statement[], walk: Walk): Walked {
  let assigned = walk.assigned;
  const places: Walked[] = [];
  for (const statement of statements) {
    const place = walkPipelineNode(statement.command, { ...walk, assigned });
    places.push(place);
    if (statement.background !== true) assigned = place.assigned;
  }
  return { ...gather(walk, ...places), assigned };
}

function walkBody(list: CompoundList, walk: Walk): Walked {
  return walkList(list.commands, walk);
}

function walkAndOr(node: AndOr, walk: Walk): Walked {
  const places: Walked[] = [];
  let assigned = walk.assigned;
  for (const [index, command] of node.commands.entries()) {
    // Behind `&&` everything before it has run; once there is an `||`, only the first command is certain to have.
    if (node.operators.slice(0, index).includes('||')) assigned = places[0]?.assigned ?? walk.assigned;
    const place = walkPipelineNode(command, { ...walk, assigned });
    places.push(place);
    assigned = place.assigned;
  }
  return { ...gather(walk, ...places), assigned: places[0]?.assigned ?? walk.assigned };
}

/** What `cat <<EOF` prints, where nothing in it is expanded. */
function printedText(node: PipelineNode | undefined): string | undefined {
  if (node?.type !== 'Command' || node.name?.text !== 'cat' || node.args.length > 0) return undefined;
  const [only, ...more] = node.redirects;
  return only?.type === 'HereDoc' && more.length === 0 ? hereDocText(only) : undefined;
}

function walkPipeline(node: Pipeline, walk: Walk): Walked {
  const places = node.commands.map((command, index) => {
    const stdin = index === 0 ? walk.stdin : sourceOfCommands(node.commands.slice(0, index), node.operators.slice(0, index));
    return walkCommandNode(command, {
      ...walk,
      stdin,
      ...(index > 0 && { input: index === 1 ? printedText(node.commands[0]) : undefined }),
    });
  });
  const [only, ...more] = places;
  return { ...gather(walk, ...places), assigned: only !== undefined && more.length === 0 ? only.assigned : walk.assigned };
}

function walkPipelineNode(node: PipelineNode | AndOr, walk: Walk): Walked {
  if (node.type === 'AndOr') return walkAndOr(node, walk);
  return node.type === 'Pipeline' ? walkPipeline(node, walk) : walkCommandNode(node, walk);
}

function walkFor(node: For, walk: Walk): Walked {
  const items = walkWords(node.wordlist ?? [], walk);
  const named = judgeAssignedName(node.name.value, false);
  const body = walkBody(node.body, { ...walk, assigned: new Set([...walk.assigned, node.name.value]) });
  return gather(walk, items, onlyFindings(walk, named), body);
}

/** Names that a `while read` loop gives to what comes by stdin, as far as that is known to be plain names. */
function readNames(node: While, walk: Walk): ReadonlyMap<string, Shape> {
  const [statement, ...more] = node.clause.commands;
  const known = new Map<string, Shape>();
  if (
    more.length > 0 ||
    statement?.command.type !== 'Command' ||
    statement.command.name?.value !== 'read' ||
    statement.command.redirects.length > 0
  )
    return known;
  const words = statement.command.args.map((word) => (word.type === 'Word' ? literalText(word) : undefined));
  const variables = words.filter((word) => word !== undefined && !word.startsWith('-'));
  if (words.some((word) => word === undefined || (word.startsWith('-') && word !== '-r')) || countSets(node.body, variables) > 0)
    return known;
  const isWhole = variables.length === 1;
  const prefix = statement.command.prefix.length > 0;
  const { type } = walk.stdin;
  const sure = type === 'names' ? 1 : prefix || isWhole ? 0 : type === 'columns' ? 1 : type === 'columns-of-all' ? 2 : 0;
  for (const name of variables.slice(0, sure)) {
    if (name !== undefined) known.set(name, type === 'names' ? { ...walk.stdin, type } : { type: 'name' });
  }
  return known;
}

/** How often names are set inside a node, by assignment or by a loop. */
function countSets(node: SyntaxNode, names: readonly (string | undefined)[]): number {
  let count = 0;
  const visit = (inner: SyntaxNode): void => {
    if (inner.type === 'Assignment' && names.includes(inner.name)) count += 1;
    if (inner.type === 'For' && names.includes(inner.name.value)) count += 1;
    if (
      inner.type === 'Command' &&
      /^(?:read|mapfile|readarray|eval|trap|source|\.|unset|printf|declare|local|command|builtin)$/.test(inner.name?.value ?? '')
    )
      count += 1;
    forEachChild(inner, visit);
  };
  visit(node);
  return count;
}

function walkWhile(node: While, walk: Walk): Walked {
  const clause = walkBody(node.clause, walk);
  const known = readNames(node, walk);
  const variables = new Map([...walk.variables, ...known]);
  const body = walkBody(node.body, {
    ...walk,
    variables,
    assigned: new Set([...clause.assigned, ...known.keys()]),
    stdin: anySource,
    input: undefined,
  });
  const [only, ...more] = node.clause.commands;
  const word = more.length === 0 && only?.command.type === 'Command' ? only.command.name?.value : undefined;
  const isEndless = (node.kind === 'while' && (word === 'true' || word === ':')) || (node.kind === 'until' && word === 'false');
  const findings: readonly Finding[] = isEndless
    ? [
        {
          trait: 'unbounded',
          reason: `${node.kind} ${word ?? ''} never ends`,
          refusal: 'Run the commands once, or in a for loop over a few rounds.',
        },
      ]
    : [];
  return gather(walk, clause, body, onlyFindings(walk, findings));
}

function walkFunction(node: ShellFunction, walk: Walk): Walked {
  const name = literalText(node.name);
  if (name === undefined || node.body.type === 'CompoundList') return refused(walk, 'a function without a plain name');
  const body = walkCommandNode(node.body, { ...walk, stdin: anySource, input: undefined });
  return { ...gather(walk, body), assigned: new Set([...walk.assigned, `${name}()`]) };
}

function walkArithmetic(expressions: readonly (ArithmeticExpression | undefined)[], walk: Walk): Walked {
  const findings = expressions.flatMap((expression): readonly Finding[] =>
    expression === undefined ? [{ effect: 'unknown', reason: 'arithmetic that could not be read' }] : judgeArithmetic(expression, walk),
  );
  const scripts = expressions
    .flatMap(scriptsOfArithmetic)
    .map((script) => walkScript(script, { ...walk, stdin: anySource, input: undefined }));
  return gather(walk, onlyFindings(walk, findings), ...scripts);
}

function walkCommandNode(node: CommandNode | PipelineNode, walk: Walk): Walked {
  const spent = spend(walk);
  if (spent.length > 0) return onlyFindings(walk, spent);
  switch (node.type) {
    case 'Command':
      return walkCommand(node, walk);
    case 'Pipeline':
      return walkPipeline(node, walk);
    case 'Subshell':
      return gather(walk, walkBody(node.body, walk));
    case 'BraceGroup':
      return walkBody(node.body, walk);
    case 'If': {
      const clause = walkBody(node.clause, walk);
      const inner = { ...walk, assigned: clause.assigned };
      const others = node.elif.flatMap((elif) => [walkBody(elif.clause, inner), walkBody(elif.then, inner)]);
      const last = node.else === undefined ? [] : [walkBody(node.else, inner)];
      return { ...gather(walk, clause, walkBody(node.then, inner), ...others, ...last), assigned: clause.assigned };
    }
    case 'For':
      return walkFor(node, walk);
    case 'While':
      return walkWhile(node, walk);
    case 'Case': {
      const bodies = node.items.map((item) => gather(walk, walkWords(item.pattern, walk), walkBody(item.body, walk)));
      return gather(walk, walkWords([node.word], walk), ...bodies);
    }
    case 'TestCommand':
      return walkTest(node.expression, walk);
    case 'ArithmeticCommand':
      return walkArithmetic([node.expression], walk);
    case 'ArithmeticFor': {
      const parts = [node.initialize, node.test, node.update].filter((expression) => expression !== undefined);
      return gather(walk, walkArithmetic(parts, walk), walkBody(node.body, walk));
    }
    case 'Redirected': {
      const redirected = walkRedirections(node.redirects, walk);
      const inner = walkCommandNode(node.command, {
        ...walk,
        ...(node.redirects.some((redirect) => redirect.operator.startsWith('<')) && { stdin: anySource, input: undefined }),
      });
      // Where the redirection fails, nothing of it is run.
      return gather(walk, redirected, inner);
    }
    case 'Function':
      return walkFunction(node, walk);
    case 'Select':
      return refused(walk, 'select');
    case 'Coproc':
      return refused(walk, 'coproc');
    default:
      return node satisfies never;
  }
}

/** Walks over a script: every command, substitution, redirection and assignment in it. */
export function walkScript(script: ParsedScript, walk: Walk): Walked {
  const findings = [...parseErrors(script), ...spend(walk)];
  return gather(walk, onlyFindings(walk, findings), walkList(script.commands, walk));
}
