import { invalid, optionalBoolean, optionalLine, optionalList, optionalString, optionalStrings, placeOf, toFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { besideFile } from './paths.ts';
import type { ExecPlugin } from './types.ts';
import { quote } from '../text.ts';

const v1 = 'client.authentication.k8s.io/v1';
const v1beta1 = 'client.authentication.k8s.io/v1beta1';

/** Parses `users[].user.exec`; a command with a slash is resolved beside its file, a bare name is looked up on PATH later. */
export function parseExecPlugin(fields: Fields): ExecPlugin {
  const { source } = fields;
  const command = optionalLine(fields, 'command');
  if (command === undefined) throw invalid(source, `${placeOf(fields, 'command')} is missing.`);
  const apiVersion = parseApiVersion(fields);
  const installHint = optionalString(fields, 'installHint');
  const args = optionalStrings(fields, 'args');
  const env = optionalList(fields, 'env').map((value, index) => parseVariable(value, source, `${placeOf(fields, 'env')}[${index}]`));
  const withNul = [...args, ...env.map(({ value }) => value)].find((value) => value.includes('\0'));
  if (withNul !== undefined) throw invalid(source, `${fields.path} has a NUL character in an argument or variable: ${quote(withNul)}.`);
  return {
    apiVersion,
    command: command.includes('/') ? besideFile(command, source) : command,
    args,
    env,
    provideClusterInfo: optionalBoolean(fields, 'provideClusterInfo'),
    interactiveMode: parseInteractiveMode(fields, apiVersion),
    ...(installHint !== undefined && { installHint }),
  };
}

function parseApiVersion(fields: Fields): ExecPlugin['apiVersion'] {
  const value = optionalLine(fields, 'apiVersion');
  if (value === v1 || value === v1beta1) return value;
  const advice =
    value === 'client.authentication.k8s.io/v1alpha1'
      ? 'v1alpha1 was removed in Kubernetes 1.24: renew the file with a current version of the tool that made it'
      : `it must be ${v1} or ${v1beta1}`;
  throw invalid(fields.source, `${placeOf(fields, 'apiVersion')} is ${value === undefined ? 'missing' : quote(value)}; ${advice}.`);
}

function parseInteractiveMode(fields: Fields, apiVersion: ExecPlugin['apiVersion']): ExecPlugin['interactiveMode'] {
  const value = optionalLine(fields, 'interactiveMode');
  if (value === 'Never' || value === 'IfAvailable' || value === 'Always') return value;
  if (value === undefined && apiVersion === v1beta1) return 'IfAvailable'; // the default of v1beta1 only
  throw invalid(
    fields.source,
    `${placeOf(fields, 'interactiveMode')} must be Never, IfAvailable or Always${value === undefined ? '' : `, not ${quote(value)}`}.`,
  );
}

function parseVariable(value: unknown, source: string, place: string): { readonly name: string; readonly value: string } {
  const fields = toFields(value, source, place);
  const name = optionalLine(fields, 'name');
  if (name === undefined || name.includes('=')) throw invalid(source, `${place}.name must be the name of an environment variable.`);
  return { name, value: optionalString(fields, 'value') ?? '' };
}
