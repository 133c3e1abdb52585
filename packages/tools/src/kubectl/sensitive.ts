import { judgePaths } from '../bash/sensitive-paths.ts';
import type { Finding } from '../effects/judgement.ts';
import { isSecretKind } from './kinds.ts';
import { hasOpaque } from './opaque.ts';
import { shownBy } from './output-format.ts';
import { isOn, lastValue } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';

/** From this verbosity on kubectl prints the bodies that the server sends. */
const bodyVerbosity = 8;

function sensitive(reason: string): Finding {
  return { trait: 'sensitive', reason };
}

function judgeVerbosity(command: KubectlCommand): readonly Finding[] {
  const level = lastValue(command.uses, 'v');
  const isLoud = level !== undefined && !(Number.parseInt(level, 10) < bodyVerbosity && /^-?\d+$/.test(level));
  const modules = lastValue(command.uses, 'vmodule');
  return [
    ...(isLoud ? [sensitive(`-v=${level} prints what the server sends`)] : []),
    ...(modules === undefined || modules === '' ? [] : [sensitive(`--vmodule=${modules} may print what the server sends`)]),
  ];
}

/** The word of a command that may mean Secrets: a kind, or a file whose content is not known. */
function secretSource(command: KubectlCommand): string | undefined {
  const kind = command.operands.kinds.find((name) => isSecretKind(name) || hasOpaque(name));
  if (kind !== undefined) return hasOpaque(kind) ? 'a kind that is not known before' : kind;
  if (command.files.length > 0) return `-f ${command.files.join(',')}`;
  return command.kustomization === undefined ? undefined : `-k ${command.kustomization}`;
}

function judgeObjects(command: KubectlCommand): readonly Finding[] {
  const source = secretSource(command);
  if (source === undefined) return [];
  const { uses, verb } = command;
  if (shownBy(command.output, lastValue(uses, 'template')) === 'content')
    return [sensitive(`${verb} ${source} -o ${command.output ?? ''} shows the content of Secrets`)];
  if (verb === 'describe' && command.files.length === 0) return [sensitive(`describe ${source} shows tokens of service accounts`)];
  if (verb === 'apply view-last-applied' || verb === 'edit' || verb === 'apply edit-last-applied')
    return [sensitive(`${verb} ${source} shows the content of Secrets`)];
  if (verb === 'annotate' && isOn(uses, 'list') === true) return [sensitive(`annotate --list ${source} shows the last applied content`)];
  if (verb === 'wait' && (lastValue(uses, 'for') ?? '').startsWith('jsonpath'))
    return [sensitive(`--for of wait tests the content of ${source}`)];
  return [];
}

function judgeVerb(command: KubectlCommand): readonly Finding[] {
  const { uses, verb } = command;
  const on = (name: string): boolean => isOn(uses, name) === true;
  if (verb === 'create token') return [sensitive('create token prints a credential')];
  if (verb === 'config view' && (on('raw') || on('flatten')))
    return [sensitive(`--${on('raw') ? 'raw' : 'flatten'} of config view prints credentials`)];
  if (verb === 'diff' && on('show-secrets')) return [sensitive('--show-secrets of diff shows the content of Secrets')];
  if (verb === 'set env' && on('list'))
    return [sensitive(`--list of set env prints environment values${on('resolve') ? ', those of Secrets too' : ''}`)];
  if (verb === 'set env' && on('resolve')) return [sensitive('--resolve of set env reads Secrets')];
  return [];
}

/** Local files whose content a command prints, as it is or in its errors. */
export function judgeLocalFiles(command: KubectlCommand): readonly Finding[] {
  const { uses, files, output } = command;
  const values = uses
    .filter(({ spec }) => /^(?:from-file|from-env-file|patch-file)$/.test(spec.name))
    .flatMap(({ value }) => (value ?? '').split(','));
  // `-o go-template-file=PATH` and `--template=PATH` print what stands in the file.
  const printed =
    output !== undefined && /-file(?:=|$)/.test(output) ? [output.slice(output.indexOf('=') + 1), lastValue(uses, 'template') ?? ''] : [];
  const paths = [...files, ...values.map((value) => value.replace(/^[^=/]*=/, '')), ...printed].filter(
    (path) => path !== '' && path !== '-',
  );
  return judgePaths(
    paths.map((text) => ({ text })),
    { recursive: true },
  );
}

/** Findings about commands that print what must not leave: Secrets, tokens, credentials. */
export function judgeSensitive(command: KubectlCommand): readonly Finding[] {
  if (command.verb === '') return [];
  return [...judgeVerbosity(command), ...judgeObjects(command), ...judgeVerb(command), ...judgeLocalFiles(command)];
}
