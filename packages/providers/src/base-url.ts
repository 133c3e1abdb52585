import type { Language } from './language.ts';
import type { Preset } from './preset.ts';
import { addressIncomplete } from './setup-error.ts';
import { firstSet, type Variables } from './variables.ts';

/** Where the variables of an address come from, and the language of its errors. */
export interface AddressSource {
  readonly variables: Variables;
  readonly language: Language;
}

/** The address in a variable or an option as a base URL: a host alone gets the preset's scheme, port and path. */
export function completeURL(text: string, preset: Preset, from: AddressSource): string {
  if (preset.hostVariable === undefined) return text;
  const { defaultPort } = preset.hostVariable;
  const schemed = text.includes('://') ? text : withPort(`${preset.keyRequired ? 'https' : 'http'}://${text}`, defaultPort);
  if (!URL.canParse(schemed)) return schemed;
  const url = new URL(schemed);
  // A server may listen on every address; it is asked on this machine.
  const host = /^(0\.0\.0\.0|\[::\])$/.test(url.hostname) ? url.host.replace(url.hostname, '127.0.0.1') : url.host;
  const credentials = url.username === '' && url.password === '' ? '' : `${url.username}:${url.password}@`;
  const tail = url.pathname === '/' ? fillTemplate(preset.path, preset, from) : `${url.pathname}${url.search}`;
  return `${url.protocol}//${credentials}${host}${tail}`;
}

/** The preset's own base URL, its variables filled in. Throws KwError `base-url-not-found` for a variable that is missing. */
export function presetURL(preset: Preset, from: AddressSource): string | undefined {
  if (preset.baseURL !== undefined) return preset.baseURL;
  const template = preset.baseURLTemplates?.find(({ when = {} }) =>
    Object.entries(when).every(([name, value]) => valueOf([name], preset, from.variables) === value),
  );
  return template === undefined ? undefined : fillTemplate(template.baseURL, preset, from);
}

/** Puts variables into `{NAME|OTHER}`. Throws KwError `base-url-not-found` that names the missing one. */
export function fillTemplate(text: string, preset: Preset, { variables, language }: AddressSource): string {
  return text.replace(/\{([A-Z0-9_|]+)\}/g, (_whole, list: string) => {
    const names = list.split('|');
    const value = valueOf(names, preset, variables);
    if (value !== undefined && /^[\w.:-]+$/.test(value)) return value;
    throw addressIncomplete(preset, names, value, language);
  });
}

function valueOf(names: readonly string[], preset: Preset, variables: Variables): string | undefined {
  return firstSet(names, variables) ?? firstSet(names, preset.variableDefaults ?? {});
}

function withPort(url: string, port: number | undefined): string {
  const hasPort = /:\d+$|:\d+\//.test(url.replace(/^\w+:\/\//, '').replace(/^\[[^\]]*\]/, ''));
  return port === undefined || hasPort ? url : url.replace(/^(\w+:\/\/)([^/]*)/, `$1$2:${port}`);
}
