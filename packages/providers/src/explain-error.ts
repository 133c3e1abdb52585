import { KwError } from './error.ts';
import type { Endpoint, ProviderErrorCode } from './failure.ts';
import type { Language } from './language.ts';
import { formatWait } from './retry-after.ts';
import { oneLine, scrub } from './scrub.ts';
import { addressNames } from './setup-error.ts';
import { en } from './words/en.ts';
import type { Facts, Words } from './words/words.ts';
import { zh } from './words/zh.ts';

/** What is known of a failure beside its code. */
export interface Said {
  /** The vendor's or the network's own text. */
  readonly said?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** Names near to an unknown model's. */
  readonly near?: readonly string[];
  /** How many attempts were made. */
  readonly attempts?: number;
}

const maxMessageLength = 2_000;

/** What is said about failures, in a language. */
export function wordsOf(language: Language): Words {
  return language === 'zh' ? zh : en;
}

/** Makes the error for people: what happened, with which provider, model and URL, and the way out. */
export function explain(code: ProviderErrorCode, endpoint: Endpoint, known: Said = {}): KwError {
  const words = wordsOf(endpoint.language);
  const said = oneLine(scrub(known.said ?? '', endpoint.apiKey));
  const facts = factsOf(code, endpoint, { ...known, said });
  const quoted = said === '' || silent.has(code) ? '' : fromNetwork.has(code) ? words.cause(said) : words.says(endpoint.preset.title, said);
  const tries = known.attempts === undefined || known.attempts < 2 ? '' : words.attempts(known.attempts);
  const text = `${words.sentences[code](facts)}${tries}${words.fullStop}${quoted}`;
  return new KwError(code === 'no-model-served' ? 'model-not-found' : code, oneLine(text, maxMessageLength), {
    details: {
      provider: endpoint.preset.id,
      model: endpoint.model,
      url: facts.url,
      status: known.status,
      retryAfterMs: known.retryAfterMs,
      vendorMessage: said === '' ? undefined : said,
    },
  });
}

const fromNetwork: ReadonlySet<ProviderErrorCode> = new Set(['connection-failed', 'connection-reset', 'connection-timeout', 'tls']);

/** Codes whose sentence holds what was said, or needs it not. */
const silent: ReadonlySet<ProviderErrorCode> = new Set(['redirected', 'dns', 'connection-refused', 'empty-answer', 'stalled']);

function factsOf(code: ProviderErrorCode, { preset, model, baseURL, language }: Endpoint, known: Said): Facts {
  const { joiner } = wordsOf(language);
  // A query may hold a secret of a gateway.
  const url = baseURL.replace(/\?.*$/, '');
  const hint = code === 'model-not-found' ? preset.modelHint : code === 'authentication-failed' ? preset.keyHint : undefined;
  const status = known.status ?? (code === 'rate-limited' ? 429 : undefined);
  return {
    provider: preset.id,
    title: preset.title,
    model,
    url,
    host: URL.canParse(url) ? new URL(url).host : url,
    key: preset.keyVariables.join(joiner),
    address: addressNames(preset).join(joiner),
    status: status === undefined ? '' : `HTTP ${status}`,
    forbidden: status === 403,
    wait: known.retryAfterMs === undefined ? '' : formatWait(known.retryAfterMs),
    said: known.said ?? '',
    near: known.near ?? [],
    hint: hint?.[language] ?? '',
    bare: status === 404 && (known.said ?? '') === '',
  };
}
