import type { ArithmeticExpression, ParsedScript } from 'unbash';
import type { Finding } from '../effects/judgement.ts';
import { judgeAssignedName } from './environment.ts';
import type { Shape, ShapeOfScript } from './variables.ts';

const counters: ReadonlySet<string> = new Set(['RANDOM', 'SECONDS', 'LINENO', 'EPOCHSECONDS', 'SRANDOM']);

function isNumber(shape: Shape | undefined): boolean {
  return shape?.type === 'number' || (shape?.type === 'exact' && /^\d+$/.test(shape.text));
}

/** What arithmetic may know. */
export interface ArithmeticScope {
  readonly variables: ReadonlyMap<string, Shape>;
  readonly shapeOfScript: ShapeOfScript;
}

/** The scripts that run while an arithmetic expression is evaluated. */
export function scriptsOfArithmetic(expression: ArithmeticExpression | undefined): readonly ParsedScript[] {
  switch (expression?.type) {
    case 'ArithmeticCommandExpansion':
      return expression.script === undefined ? [] : [expression.script];
    case 'ArithmeticWord':
      return (expression.parts ?? []).flatMap((part) =>
        part.type === 'CommandExpansion' && part.script !== undefined ? [part.script] : [],
      );
    case 'ArithmeticBinary':
      return [expression.left, expression.right].flatMap(scriptsOfArithmetic);
    case 'ArithmeticUnary':
      return scriptsOfArithmetic(expression.operand);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap(scriptsOfArithmetic);
    case 'ArithmeticGroup':
      return scriptsOfArithmetic(expression.expression);
    case undefined:
      return [];
    default:
      return expression satisfies never;
  }
}

/** A variable that arithmetic gives a number: as any other assignment. */
function judgeSet(target: ArithmeticExpression | undefined): readonly Finding[] {
  return target?.type === 'ArithmeticWord' ? judgeAssignedName(target.value, false) : [];
}

/** Where an arithmetic expression uses text that is not plainly a number: the shell would evaluate that text, commands in it too. */
export function judgeArithmetic(expression: ArithmeticExpression | undefined, scope: ArithmeticScope): readonly Finding[] {
  if (expression === undefined) return [];
  const unclear = (text: string): readonly Finding[] => [
    { effect: 'unknown', reason: `arithmetic with ${text}, which is not known to be a number` },
  ];
  switch (expression.type) {
    case 'ArithmeticWord': {
      const name = expression.value.replace(/^\$\{?#?(\w+)\}?$/, '$1');
      if (/^(?:\d+|0[xX][0-9a-fA-F]+|\d+#\w+)$/.test(expression.value) || expression.value === '$#' || expression.value === '$?') return [];
      return counters.has(name) ||
        (expression.value.startsWith('${#') && /^\$\{#\w+\}$/.test(expression.value)) ||
        isNumber(scope.variables.get(name))
        ? []
        : unclear(expression.value);
    }
    case 'ArithmeticBinary':
      // The left side of a plain assignment is only set.
      return [
        ...judgeSet(expression.operator.endsWith('=') && !/^[=!<>]=$/.test(expression.operator) ? expression.left : undefined),
        ...(expression.operator === '=' && expression.left.type === 'ArithmeticWord' && /^\w+$/.test(expression.left.value)
          ? []
          : judgeArithmetic(expression.left, scope)),
        ...judgeArithmetic(expression.right, scope),
      ];
    case 'ArithmeticUnary':
      return [
        ...judgeSet(/^(?:\+\+|--)$/.test(expression.operator) ? expression.operand : undefined),
        ...judgeArithmetic(expression.operand, scope),
      ];
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap((part) => judgeArithmetic(part, scope));
    case 'ArithmeticGroup':
      return judgeArithmetic(expression.expression, scope);
    case 'ArithmeticCommandExpansion':
      return expression.script !== undefined && isNumber(scope.shapeOfScript(expression.script)) ? [] : unclear(expression.text);
    default:
      return expression satisfies never;
  }
}
