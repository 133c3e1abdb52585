import type { TestExpression, Word } from 'unbash';
import type { Finding } from '../effects/judgement.ts';
import { walkWords } from './judge-command.ts';
import { literalText } from './variables.ts';
import type { Shape } from './variables.ts';
import { gather, onlyFindings } from './walk.ts';
import type { Walk, Walked } from './walk.ts';

const arithmetic: ReadonlySet<string> = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

function isNumberShape(shape: Shape | undefined): boolean {
  return shape?.type === 'number' || (shape?.type === 'exact' && /^\d+$/.test(shape.text));
}

function isNumber(word: Word, walk: Walk): boolean {
  const text = literalText(word);
  if (text !== undefined) return /^-?\d+$/.test(text);
  const [part, ...more] = word.parts ?? [];
  const inner = part?.type === 'DoubleQuoted' && part.parts.length === 1 ? part.parts[0] : part;
  if (inner === undefined || more.length > 0) return false;
  if (inner.type === 'ArithmeticExpansion') return true;
  if (inner.type === 'CommandExpansion') return isNumberShape(walk.shapeOfScript(inner.script));
  if (inner.type === 'SimpleExpansion')
    return ['$?', '$#', '$$'].includes(inner.text) || isNumberShape(walk.variables.get(inner.text.slice(1)));
  return (
    inner.type === 'ParameterExpansion' &&
    inner.operation === undefined &&
    inner.index === undefined &&
    (inner.prefix === '#' || (inner.prefix === undefined && isNumberShape(walk.variables.get(inner.parameter))))
  );
}

/** Walks over `[[ ... ]]`: its numbers are evaluated as arithmetic, so they must be numbers. */
export function walkTest(expression: TestExpression, walk: Walk): Walked {
  switch (expression.type) {
    case 'TestUnary': {
      const evaluates: readonly Finding[] =
        expression.operator === '-v' || expression.operator === '-R'
          ? [{ effect: 'unknown', reason: `${expression.operator} in [[ ]] evaluates what it is given` }]
          : [];
      return gather(walk, onlyFindings(walk, evaluates), walkWords([expression.operand], walk));
    }
    case 'TestBinary': {
      const words = [expression.left, expression.right];
      const open = arithmetic.has(expression.operator) ? words.find((word) => !isNumber(word, walk)) : undefined;
      const findings: readonly Finding[] =
        open === undefined
          ? []
          : [{ effect: 'unknown', reason: `${expression.operator} evaluates ${open.text}, which is not known to be a number` }];
      return gather(walk, onlyFindings(walk, findings), walkWords(words, walk));
    }
    case 'TestLogical':
      return gather(walk, ...expression.operands.map((operand) => walkTest(operand, walk)));
    case 'TestNot':
      return walkTest(expression.operand, walk);
    case 'TestGroup':
      return walkTest(expression.expression, walk);
    default:
      return expression satisfies never;
  }
}
