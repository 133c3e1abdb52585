import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Options } from 'tsup';

/** Where an exported name is defined. */
interface Origin {
  readonly file: string;
  readonly name: string;
}

const packages = new Map<string, string>(
  ['agent', 'diagnose', 'http', 'kube', 'mcp', 'providers', 'runtime', 'sandbox', 'sdk-js', 'store', 'tools'].map((name) => [
    `@kw/${name}`,
    resolve('../../packages', name, 'src/index.ts'),
  ]),
);
for (const name of ['server', 'mcp-server']) packages.set(`@kw/${name}`, resolve('../../apps', name, 'src/index.ts'));

const known = new Map<string, ReadonlyMap<string, Origin>>();

/** What an index gives, name by name; it holds nothing but lines of re-exports. */
function namesOf(index: string): ReadonlyMap<string, Origin> {
  const found = known.get(index);
  if (found !== undefined) return found;
  const names = new Map<string, Origin>();
  const text = readFileSync(index, 'utf8');
  for (const [, list = '', from = ''] of text.matchAll(/^export \{([^}]*)\} from '([^']+)';/gm)) {
    for (const { imported, local } of specifiersOf(list)) {
      const barrel = packages.get(from);
      const origin = barrel === undefined ? { file: join(dirname(index), from), name: imported } : namesOf(barrel).get(imported);
      if (origin !== undefined) names.set(local, origin);
    }
  }
  known.set(index, names);
  return names;
}

function specifiersOf(list: string): readonly { readonly imported: string; readonly local: string }[] {
  return list
    .split(',')
    .map((specifier) => specifier.trim())
    .filter((specifier) => specifier !== '' && !specifier.startsWith('type '))
    .map((specifier) => {
      const [imported = '', local = imported] = specifier.split(/\s+as\s+/);
      return { imported, local };
    });
}

/**
 * Imports through an index become imports of the files behind it. A bundler that splits puts everything that anybody takes from an index into what
 * everybody loads who takes anything from it; without the index each command loads its own code only.
 */
export function bypassBarrels(): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'bypass-barrels',
    setup: (build) => {
      build.onLoad({ filter: /\/(?:packages|apps)\/[^/]+\/src\/.*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = text.replaceAll(/^import \{([^}]*)\} from '(@kw\/[^']+)';/gm, (whole, list: string, from: string) => {
          const barrel = packages.get(from);
          if (barrel === undefined) return whole;
          const names = namesOf(barrel);
          return specifiersOf(list)
            .map(({ imported, local }) => {
              const origin = names.get(imported);
              if (origin === undefined) return `import { ${imported} as ${local} } from '${from}';`;
              return `import { ${origin.name} as ${local} } from ${JSON.stringify(origin.file)};`;
            })
            .join(' ');
        });
        return { contents, loader: 'ts' };
      });
    },
  };
}
