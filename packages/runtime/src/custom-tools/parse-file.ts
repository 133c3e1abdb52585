import type { CustomToolSpec, CustomVariable } from '@kw/tools';
import { KwError, nearNames } from '@kw/providers';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { parseEffects } from './parse-effects.ts';
import { parseCommandWords } from './command-words.ts';
import { entriesOf, itemsOf, originOf, refuse, textOf } from './yaml-place.ts';
import type { YamlPlace } from './yaml-place.ts';

const maxFileCharacters = 1024 * 1024;
const keys = ['name', 'description', 'command', 'command_desc', 'is_interactive', 'effect', 'env', 'timeout'] as const;
type Key = (typeof keys)[number];
/** Longest time limit of a command, in seconds. */
const maxTimeoutSeconds = 600;

/** Reads a file of custom tools, a YAML list. Throws KwError `bad-configuration` that names file, line, key and what is possible. */
export function parseToolsFile(text: string, path: string): readonly CustomToolSpec[] {
  if (text.length > maxFileCharacters)
    throw new KwError('bad-configuration', `${path}: larger than 1 MiB; this can not be a list of tools`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) throw new KwError('bad-configuration', `${path}:${lines.linePos(broken.pos[0]).line}: ${broken.message}`);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return [];
  const file = { path, lines };
  if (isMap(root))
    throw new KwError('bad-configuration', `${originOf(file, root)}: the file must hold a list of tools, each beginning with "- name:"`);
  return itemsOf({ node: root, name: 'the file', file }).map(({ node }) => parseTool({ node, name: '', file }));
}

function parseTool(place: YamlPlace): CustomToolSpec {
  const { file, node } = place;
  const origin = originOf(file, node);
  if (!isMap(node)) throw new KwError('bad-configuration', `${origin}: a tool must be a map with name, description and command`);
  const values = readKeys(place);
  const name = parseName(required(values, 'name', origin));
  const commandPlace = required(values, 'command', origin);
  const isInteractive = values.get('is_interactive');
  const timeout = values.get('timeout');
  return {
    name,
    description: textOf(required(values, 'description', origin)).trim(),
    command: parseCommandWords(commandPlace),
    commandDescription: optional(values.get('command_desc'), textOf) ?? '',
    isInteractive: isInteractive !== undefined && parseSwitch(isInteractive),
    effects: optional(values.get('effect'), parseEffects) ?? [],
    env: optional(values.get('env'), parseEnv) ?? [],
    ...(timeout === undefined ? {} : { timeoutMs: parseSeconds(timeout) * 1000 }),
    origin,
  };
}

function optional<T>(place: YamlPlace | undefined, parse: (place: YamlPlace) => T): T | undefined {
  return place === undefined ? undefined : parse(place);
}

/** `commandDesc`, `command-desc` and `command_desc` are one key, and `effects` is `effect`. */
function readKeys(place: YamlPlace): ReadonlyMap<Key, YamlPlace> {
  const values = new Map<Key, YamlPlace>();
  for (const { key, keyNode, value } of entriesOf(place)) {
    const spelled = key
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toLowerCase();
    const known = keys.find((each) => each === spelled || `${each}s` === spelled);
    if (known === undefined) {
      const [near] = nearNames(spelled, keys);
      const hint = near === undefined ? `; the keys of a tool are ${keys.join(', ')}` : `; did you mean "${near}"?`;
      throw new KwError('bad-configuration', `${originOf(place.file, keyNode)}: unknown key "${key}"${hint}`);
    }
    if (values.has(known)) throw new KwError('bad-configuration', `${originOf(place.file, keyNode)}: "${known}" is given twice`);
    if (value !== undefined) values.set(known, value);
  }
  return values;
}

function required(values: ReadonlyMap<Key, YamlPlace>, key: Key, origin: string): YamlPlace {
  const found = values.get(key);
  if (found === undefined) throw new KwError('bad-configuration', `${origin}: a tool needs "${key}"`);
  return found;
}

function parseName(place: YamlPlace): string {
  const name = textOf(place);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw refuse(place, `${JSON.stringify(name)} must be 1 to 64 letters, digits, _ or -`);
  if (name.includes('__')) throw refuse(place, `${JSON.stringify(name)} must not have two _ in a row: such names belong to MCP servers`);
  return name;
}

function parseSwitch(place: YamlPlace): boolean {
  const { node } = place;
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  throw refuse(place, 'must be true or false');
}

function parseSeconds(place: YamlPlace): number {
  const text = textOf(place);
  const [, amount = '', unit = ''] = /^(\d{1,6})([sm]?)$/.exec(text.trim()) ?? [];
  const seconds = amount === '' ? Number.NaN : Number(amount) * (unit === 'm' ? 60 : 1);
  if (seconds >= 1 && seconds <= maxTimeoutSeconds) return seconds;
  throw refuse(place, `${JSON.stringify(text)} must be seconds from 1 to ${maxTimeoutSeconds}, such as 90, 90s or 5m`);
}

/** `[AWS_PROFILE, HELM_DRIVER=configmap]` or `{HELM_DRIVER: configmap, AWS_PROFILE: }`. */
function parseEnv(place: YamlPlace): readonly CustomVariable[] {
  if (isMap(place.node)) {
    return entriesOf(place).map(({ key, keyNode, value }) =>
      variable(key, value === undefined ? undefined : textOf(value), { ...place, node: keyNode, name: `${place.name}.${key}` }),
    );
  }
  return itemsOf(place).map((item) => {
    const text = textOf(item);
    const at = text.indexOf('=');
    return variable(at < 0 ? text : text.slice(0, at), at < 0 ? undefined : text.slice(at + 1), item);
  });
}

function variable(name: string, value: string | undefined, place: YamlPlace): CustomVariable {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw refuse(place, `${JSON.stringify(name)} is no name of a variable`);
  if (/^(?:KUBECONFIG|KUBERC|KUBECACHEDIR|KUBECTL_KUBERC|HELM_KUBE[A-Z_]*)$/.test(name))
    throw refuse(place, `${name} can not be set: every tool gets the cluster that the run was started with`);
  return value === undefined ? { name } : { name, value };
}
