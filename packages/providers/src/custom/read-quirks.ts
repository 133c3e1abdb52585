import type { Quirks } from '../quirks.ts';
import { choiceOf, fieldsOf, jsonOf, type Setting, switchOf } from './read-setting.ts';

type Reader = (setting: Setting) => Partial<Quirks>;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['tool-use', (setting) => ({ toolUse: choiceOf(setting, ['native', 'shim', 'auto']) })],
  ['schema', (setting) => ({ schema: choiceOf(setting, ['full', 'basic']) })],
  ['system-message', (setting) => ({ systemMessage: switchOf(setting) })],
  ['tool-choice', (setting) => ({ toolChoice: switchOf(setting) })],
  ['tools-body', (setting) => ({ toolsBody: jsonOf(setting) })],
  ['reasoning', (setting) => ({ reasoning: choiceOf(setting, ['never', 'within-turn', 'always']) })],
  ['reasoning-field', (setting) => ({ reasoningField: choiceOf(setting, ['reasoning_content', 'reasoning']) })],
  ['empty-reasoning', (setting) => ({ emptyReasoning: switchOf(setting) })],
  ['vendor-fields', (setting) => ({ vendorFields: switchOf(setting) })],
  ['missing-call-fields', (setting) => ({ missingCallFields: jsonOf(setting) })],
  ['stream-usage', (setting) => ({ streamUsage: switchOf(setting) })],
  ['max-tokens-field', (setting) => ({ maxTokensField: choiceOf(setting, ['max_tokens', 'max_completion_tokens']) })],
  ['temperature', (setting) => ({ temperature: switchOf(setting) })],
  ['body', (setting) => ({ body: jsonOf(setting) })],
]);

/** The quirks of a configuration, by their names in kebab-case. Throws KwError `bad-configuration`. */
export function readQuirks(setting: Setting): Partial<Quirks> {
  return [...fieldsOf(setting, [...readers.keys()])].reduce<Partial<Quirks>>(
    (quirks, [name, field]) => ({ ...quirks, ...readers.get(name)?.(field) }),
    {},
  );
}
