import { KwError } from './error.ts';
import type { Language } from './language.ts';
import type { Preset } from './preset.ts';

/** Errors before a request: each names what is missing and how to give it. */

/** The error for a key that is not there: it names the variables. */
export function keyNotFound(preset: Preset, language: Language = 'en'): KwError {
  const variables = preset.keyVariables;
  const command = preset.keyCommand?.join(' ');
  const en =
    (variables.length === 0 ? 'give one' : `set ${variables.join(' or ')}`) +
    (command === undefined ? '' : ` (\`${command}\` prints one)`) +
    ` (provider ${preset.id})${preset.id === 'openai' ? '; for a server without keys use the provider openai-compatible' : ''}`;
  const zh =
    (variables.length === 0 ? '请提供密钥' : `请设置环境变量 ${variables.join(' 或 ')}`) +
    (command === undefined ? '' : `（\`${command}\` 可输出一个）`) +
    `（provider ${preset.id}）${preset.id === 'openai' ? '；如果服务器不需要密钥，请使用 openai-compatible' : ''}`;
  return failed('api-key-not-found', preset, language === 'zh' ? `API key not found，未找到 API 密钥：${zh}` : `API key not found: ${en}`);
}

/** The error for a model that must be named. */
export function modelNotSet(preset: Preset, language: Language = 'en'): KwError {
  const variables = preset.modelVariables;
  const listed = preset.liveList !== false;
  const text =
    language === 'zh'
      ? `${preset.title} 没有默认模型：请用 --model${variables.length === 0 ? '' : ` 或 ${variables.join(' 或 ')}`} 指定${listed ? '（`models` 列出服务器提供的模型）' : ''}`
      : `${preset.title} has no default model: name one with --model${variables.length === 0 ? '' : ` or ${variables.join(' or ')}`}${listed ? ' (`models` lists what the server offers)' : ''}`;
  return failed('model-not-set', preset, text);
}

/** The error for an address that only the user knows. */
export function addressNotFound(preset: Preset, language: Language = 'en'): KwError {
  const names = addressNames(preset);
  const text =
    language === 'zh'
      ? `没有 ${preset.id} 的地址：请设置 ${names.join(' 或 ')}（例如 http://127.0.0.1:8000/v1），或给出 ${preset.id}://主机:端口`
      : `no address for ${preset.id}: set ${names.join(' or ')} (such as http://127.0.0.1:8000/v1) or give ${preset.id}://host:port`;
  return failed('base-url-not-found', preset, text);
}

/** The error for an address whose variables are missing, or hold what no address can. */
export function addressIncomplete(preset: Preset, names: readonly string[], value: string | undefined, language: Language = 'en'): KwError {
  const en =
    value === undefined ? `set ${names.join(' or ')}` : `${names.join(' or ')} is ${JSON.stringify(value)}, which no address can hold`;
  const zh = value === undefined ? `请设置 ${names.join(' 或 ')}` : `${names.join(' 或 ')} 的值 ${JSON.stringify(value)} 不能用在地址中`;
  return failed('base-url-not-found', preset, language === 'zh' ? `没有 ${preset.id} 的地址：${zh}` : `no address for ${preset.id}: ${en}`);
}

/** The error for an address that is none; a password in it, or a query, is not shown. */
export function addressInvalid(preset: Preset, text: string, language: Language = 'en'): KwError {
  const shown = text.replace(/\/\/[^/]*@/, '//***@').replace(/\?.*$/, '?***');
  const names = addressNames(preset);
  const message =
    language === 'zh'
      ? `${shown} 不是模型服务器的地址（provider ${preset.id}）：必须以 http:// 或 https:// 开头，且不含用户名和密码；请设置 ${names.join(' 或 ')}`
      : `${shown} is no address of a model server (provider ${preset.id}): it must start with http:// or https:// and hold no user name or password; set ${names.join(' or ')}`;
  return failed('invalid-base-url', preset, message);
}

/** Where an address is set: variables, and the configuration where it describes the provider. */
export function addressNames({ endpointVariables, configuredAs }: Preset): readonly string[] {
  return configuredAs === undefined ? endpointVariables : [...endpointVariables, `${configuredAs}.base-url`];
}

function failed(code: string, preset: Preset, message: string): KwError {
  return new KwError(code, message, { details: { provider: preset.id } });
}
