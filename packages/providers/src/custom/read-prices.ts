import type { Price } from '../price.ts';
import { badSetting, choiceOf, entriesOf, fieldsOf, numberOf, type Setting } from './read-setting.ts';

const mostPerMillion = 1_000_000;

/** Prices by model name or `*`: `{input, output, cached-input, currency}` per million tokens. Throws KwError `bad-configuration`. */
export function readPrices(setting: Setting): Readonly<Record<string, Price>> {
  return Object.fromEntries(entriesOf(setting).map(([model, field]) => [model, readPrice(field)]));
}

function readPrice(setting: Setting): Price {
  const fields = fieldsOf(setting, ['input', 'output', 'cached-input', 'currency']);
  const rate = (key: string): number => {
    const field = fields.get(key);
    if (field === undefined) throw badSetting({ path: `${setting.path}.${key}`, value: undefined }, 'a price per million tokens');
    return numberOf(field, 0, mostPerMillion);
  };
  const currency = fields.get('currency');
  return {
    input: rate('input'),
    output: rate('output'),
    ...(fields.has('cached-input') ? { cachedInput: rate('cached-input') } : {}),
    currency: currency === undefined ? 'USD' : choiceOf(currency, ['USD', 'CNY']),
  };
}
