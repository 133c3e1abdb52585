import type { Config } from './config.ts';
import type { Reader } from './given.ts';
import type { OptionKey, OptionSpec, SourcedValue } from './option.ts';
import { options } from './options.ts';
import { isRecord } from './value.ts';

/** Every setting with its value for people and where it came from. */
export function sourcesOf(read: Reader, config: Config): ReadonlyMap<OptionKey, SourcedValue> {
  const effective = new Map<OptionKey, string>([
    ['permissions', config.permissions],
    ['lang', config.language],
    ['state-dir', config.stateDirectory],
    ['log-file', config.logFile],
    ['mcp-config', config.mcpConfig],
    ['config', config.configFile],
  ]);
  return new Map(
    options.map((spec) => {
      const { layer, origin } = read.given(spec.key) ?? { layer: 'default', origin: 'default' };
      const shown = layer === 'default' ? effective.get(spec.key) : undefined;
      return [spec.key, { layer, origin, value: shown ?? textOf(spec, read) } satisfies SourcedValue] as const;
    }),
  ).set('llm-provider', providerOf(read, config));
}

/** Where a model brought its provider along, the model is the source. */
function providerOf(read: Reader, { provider, endpoint }: Config): SourcedValue {
  const { layer, origin } = read.given('llm-provider') ?? { layer: 'default', origin: 'default' };
  const written = read.text('llm-provider') ?? '';
  if (endpoint !== undefined || written === provider) return { layer, origin, value: withoutPassword(written) };
  const model = read.given('model');
  return { layer: model?.layer ?? layer, origin: model?.origin ?? origin, value: provider };
}

function textOf(spec: OptionSpec, read: Reader): string {
  if (spec.kind.type === 'entries') return read.given(spec.key) === undefined ? '' : `${read.list(spec.key).length} ${spec.kind.of}`;
  if (spec.kind.type === 'rules') return read.given(spec.key) === undefined ? '' : JSON.stringify(read.given(spec.key)?.value);
  const value = read.value(spec.key);
  if (value === undefined) return '';
  if (isRecord(value)) {
    const names = Object.keys(value);
    return spec.secret === true ? names.map((name) => `${name}: ***`).join(', ') : names.join(', ');
  }
  if (spec.secret === true) return '***';
  return withoutPassword(Array.isArray(value) ? value.join(', ') : String(value));
}

function withoutPassword(text: string): string {
  return text.replaceAll(/:\/\/[^/@\s]*@/g, '://***@');
}
