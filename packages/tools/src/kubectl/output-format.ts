import { hasOpaque } from './opaque.ts';

/** How much of an object an output format shows: a table row, only its identity, or its content. */
export type Shown = 'table' | 'identity' | 'content';

const tables: ReadonlySet<string> = new Set(['', 'wide', 'name']);

// Paths under which no object keeps data of its own. Annotations are left out: the last applied configuration is one.
const identityPath =
  /^[$@]?(?:\.items(?:\[(?:\*|\d+)\])?)?\.(?:kind|apiVersion|type|metadata\.(?:name|namespace|uid|creationTimestamp|generation|resourceVersion|labels(?:\.[\w\\./-]+|\['[\w./-]+'\])?))$/;
const itemsPath = /^[$@]?\.?items(?:\[(?:\*|\d+)\])?$/;

function isIdentityPath(path: string): boolean {
  const dotted = path.startsWith('.') || path.startsWith('$') || path.startsWith('@') ? path : `.${path}`;
  return identityPath.test(dotted);
}

function showsOnlyIdentity(template: string): boolean {
  const steps = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => (match[1] ?? '').trim());
  if (steps.length === 0) return isIdentityPath(template);
  if (/[{}]/.test(template.replaceAll(/\{[^{}]*\}/g, ''))) return false;
  return steps.every((step) => {
    if (step === 'end' || /^"[^"]*"$/.test(step) || /^'[^']*'$/.test(step)) return true;
    const range = /^range\s+(\S+)$/.exec(step)?.[1];
    return range === undefined ? isIdentityPath(step) : itemsPath.test(range);
  });
}

function columnsShowOnlyIdentity(columns: string): boolean {
  return columns.split(',').every((column) => {
    const colon = column.indexOf(':');
    return colon > 0 && isIdentityPath(column.slice(colon + 1).replace(/^\{(.*)\}$/, '$1'));
  });
}

/** What `-o` shows of an object. Formats that are not understood show content. */
export function shownBy(output: string | undefined, template?: string): Shown {
  if (output === undefined || tables.has(output)) return 'table';
  if (hasOpaque(output)) return 'content';
  const [format = '', inline] = [output.split('=')[0], output.includes('=') ? output.slice(output.indexOf('=') + 1) : undefined];
  const text = inline ?? template;
  if (text === undefined) return 'content';
  if (format === 'jsonpath' && showsOnlyIdentity(text)) return 'identity';
  return format === 'custom-columns' && columnsShowOnlyIdentity(text) ? 'identity' : 'content';
}
