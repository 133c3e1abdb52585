import type { Tool, ToolInvocation } from '@kw/agent';

/** Flags of kubectl whose value is a file or folder of this machine. */
const fileFlags: ReadonlySet<string> = new Set([
  'filename',
  'kustomize',
  'from-file',
  'from-env-file',
  'patch-file',
  'custom',
  'cert',
  'key',
  'output-directory',
  'profile-output',
  'cache-dir',
  'client-certificate',
  'client-key',
  'certificate-authority',
]);
/** Short flags that take a value, so that what is glued to them is no other flag. */
const shortWithValue = /^-[nlocsvpur]/;
/** A word of a script that begins like a path: a slash that stands behind no part of a name. */
const pathWord = /(?:^|[^\w.*/)\]-])(?:~[\w-]*|\.{1,2})?\/[^\s/]|(?:^|[\s'"{,])-[\w'"]+\//;
/**
 * What may become a path while a script runs, or leads out of its folder: variables and substitutions, escapes, the home, a parent, programs that
 * take names of files from elsewhere.
 */
const mayBePath = /[$`~\\]|\.\.|\b(?:xargs|cd|pushd|popd|kustomize|files0-from|ARGV|getline)\b/;
/** sed's commands that read or write files. */
const sedFile = /\bsed\b[^|]{0,2000}?(?:[^a-z/][rRwW]|\/[gpiIme\d]*w)\s*\//;

const why = 'a client over the network names no file of the machine that the server runs on; give a manifest as `input`';

/** The same tool for clients that come over the network: what names local files or other credentials is refused, before anybody is asked. */
export function forRemote(tool: Tool): Tool {
  return {
    ...tool,
    prepare: (argumentsJson, scope) => {
      const invocation = tool.prepare(argumentsJson, scope);
      const refusal = refusalOf(invocation);
      return refusal === undefined ? invocation : { ...invocation, refusal };
    },
  };
}

function refusalOf({ traits, refusal, binding, source, summary }: ToolInvocation): string | undefined {
  if (refusal !== undefined) return undefined;
  if (traits.includes('moves-target'))
    return 'a client over the network cannot name another cluster, user or credential than the server has';
  const argv = argvOf(binding);
  if (argv !== undefined) return namesFile(argv) ? why : undefined;
  return namesPath(source ?? summary) ? why : undefined;
}

function namesPath(script: string): boolean {
  return pathWord.test(script) || sedFile.test(script) || mayBePath.test(unquoted(script));
}

/** A script without what stands in single quotes, which is taken as it is; where it is not plain what does, the whole script. */
function unquoted(script: string): string {
  return /["#]|<</.test(script) ? script : script.replaceAll(/'[^']*'/g, "''");
}

/** The argv that kubectl gets, as it was judged; undefined for scripts and other tools. */
function argvOf(binding: string | undefined): readonly string[] | undefined {
  if (binding?.startsWith('["kubectl",') !== true) return undefined;
  const value: unknown = JSON.parse(binding);
  if (!Array.isArray(value) || value[0] !== 'kubectl') return undefined;
  const argv: unknown = value[2];
  return Array.isArray(argv) ? argv.map(String) : undefined;
}

function namesFile(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  if (words.includes('kustomize')) return true;
  if (words.includes('cp') && words.some((word) => word.includes(':'))) return true;
  return words.some((word, index) => {
    if (/(?:jsonpath|template|columns)-?file/.test(word)) return true;
    const value = fileOf(word, words[index + 1]);
    return value !== undefined && value !== '-';
  });
}

/** The file that a flag names; undefined for other flags and words. */
function fileOf(word: string, next: string | undefined): string | undefined {
  if (word.startsWith('--')) {
    const [name = '', ...value] = word.slice(2).split('=');
    if (!fileFlags.has(name.replaceAll('_', '-'))) return undefined;
    return value.length > 0 ? value.join('=') : (next ?? '');
  }
  if (!word.startsWith('-') || shortWithValue.test(word)) return undefined;
  const at = word.search(/[fk]/);
  if (at === -1) return undefined;
  const glued = word.slice(at + 1).replace(/^=/, '');
  return glued === '' ? (next ?? '') : glued;
}
