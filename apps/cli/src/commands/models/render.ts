import type { Inspector } from '@kw/runtime';
import type { CliHost } from '../../host.ts';
import { safeText } from '../../render/safe-text.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import { columns } from '../columns.ts';
import type { Listed } from './list-models.ts';
import { modelMessagesIn } from './messages.ts';
import type { ModelMessages } from './messages.ts';

type Facts = ReturnType<Inspector['modelFacts']>;

/** The list for people: the model in use is marked, then which model is good for what. */
export function renderModels(listed: Listed, at: Pick<CliHost, 'stdout' | 'env'> & { readonly language: 'en' | 'zh' }): string {
  const style = createStyle(takesColor(at.stdout, at.env));
  const messages = modelMessagesIn(at.language);
  const width = at.stdout.columns();
  const from = [...(listed.experimental ? [messages.experimental] : []), listed.live ? messages.live : messages.documented].join(', ');
  const rows = listed.models.map((facts) => rowOf(facts, listed.current, messages));
  const lines = columns(rows, width).map((line, index) => (listed.models[index]?.id === listed.current ? style.bold(line) : line));
  const guide = columns(
    [
      messages.guideColumns,
      ...listed.guide.map(({ model, speed, quality, cost, use }) => [
        model,
        messages.words[speed],
        messages.words[quality],
        messages.words[cost],
        use[at.language],
      ]),
    ],
    width - 2,
  );
  return [
    `${style.bold(messages.heading(listed.title))} ${style.dim(`(${from})`)}`,
    '',
    ...lines,
    '',
    ...(listed.guide.length === 0 ? [] : [messages.guide, ...guide.map((line, index) => `  ${index === 0 ? style.dim(line) : line}`), '']),
    messages.choose,
    '',
  ].join('\n');
}

function rowOf({ id, contextWindow, price, onlyDocumented, retired }: Facts, current: string, messages: ModelMessages): readonly string[] {
  const notes = [
    ...(id === current ? [messages.current] : []),
    ...(retired !== undefined ? [messages.retired(retired.successor, retired.since)] : onlyDocumented ? [messages.unlisted] : []),
  ];
  return [
    `${id === current ? '*' : ' '} ${safeText(id)}`,
    contextWindow === undefined ? '' : messages.window(thousands(contextWindow)),
    price === undefined ? '' : priceOf(price, messages),
    notes.join(', '),
  ];
}

function priceOf({ currency, input, output, atMost }: NonNullable<Facts['price']>, messages: ModelMessages): string {
  const sign = currency === 'CNY' ? '¥' : '$';
  const text = messages.price(`${sign}${input}`, `${sign}${output}`);
  return atMost === true ? `${messages.upTo} ${text}` : text;
}

function thousands(tokens: number): string {
  if (tokens >= 1_000_000) return `${Number((tokens / 1_000_000).toFixed(1))}M`;
  return tokens >= 1_000 ? `${Math.round(tokens / 1_000)}k` : String(tokens);
}
