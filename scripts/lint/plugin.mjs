// The house's own lint rules. Their options come from scripts/walls.json by way of scripts/lint/generate.ts.

/** The package that a module name belongs to: `@kw/agent/testing` -> `@kw/agent`, `yaml/x` -> `yaml`. */
export function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** Why this import is not allowed, or undefined when it is. */
export function judgeImport(specifier, { packages = [], node = false, self = '' }) {
  if (specifier.startsWith('.')) return undefined;
  if (specifier.startsWith('node:'))
    return node ? undefined : `${self} runs on any web runtime: ${specifier} is Node's. Take what it gives as an option.`;
  const name = packageOf(specifier);
  return packages.includes(name) ? undefined : `${self} must not import ${name}: it is not in its row of scripts/walls.json.`;
}

function literal(node) {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

const imports = {
  meta: { type: 'problem', schema: [{ type: 'object' }] },
  create(context) {
    const options = context.options[0] ?? {};
    const check = (source) => {
      const specifier = literal(source);
      const message = specifier === undefined ? undefined : judgeImport(specifier, options);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    };
  },
};

const onlyExecutorRuns = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression') return;
        const method = callee.computed ? literal(callee.property) : callee.property.name;
        if (method !== 'run') return;
        const owner = callee.object.type === 'MemberExpression' ? callee.object.property : callee.object;
        if (owner.type === 'Identifier' && /invocation/i.test(owner.name)) {
          context.report({ node, message: 'Only the executor calls invocation.run: every effect is judged, asked for and logged there.' });
        }
      },
    };
  },
};

const classOnlyForErrors = {
  meta: { type: 'suggestion', schema: [] },
  create(context) {
    const check = (node) => {
      const parent = node.superClass;
      if (parent?.type === 'Identifier' && parent.name.endsWith('Error')) return;
      context.report({ node, message: 'A class is for errors only; use functions and plain data.' });
    };
    return { ClassDeclaration: check, ClassExpression: check };
  },
};

export default {
  meta: { name: 'house' },
  rules: { imports, 'only-executor-runs': onlyExecutorRuns, 'class-only-for-errors': classOnlyForErrors },
};
