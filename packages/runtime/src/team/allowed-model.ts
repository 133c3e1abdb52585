import { bilingualError } from '../bilingual-error.ts';
import type { Config } from '../config/config.ts';

interface ModelReference {
  readonly provider: string;
  readonly id: string;
}

/** The same reference, where the configuration allows the model. Throws KwError `model-not-allowed` that names those that are. */
export function allowedModel({ service: { allowedModels } }: Config, model: ModelReference): ModelReference {
  if (allowedModels.length === 0 || allowedModels.some((pattern) => fits(pattern, model))) return model;
  const named = `${model.provider}/${model.id}`;
  throw bilingualError('model-not-allowed', {
    en: `The model ${named} is not allowed here. Allowed (allowed-models): ${allowedModels.join(', ')}.`,
    zh: `此处不允许使用模型 ${named}。允许的模型(allowed-models):${allowedModels.join('、')}。`,
  });
}

/** A pattern with a slash names the provider, too. */
function fits(pattern: string, { provider, id }: ModelReference): boolean {
  const name = pattern.includes('/') ? `${provider}/${id}` : id;
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || id === pattern;
}
