import type { Facts, Words } from './words.ts';

const who = ({ provider, model, url, status }: Facts): string =>
  `${provider}${model === '' ? '' : `, model ${model}`}, ${url}${status === '' ? '' : `, ${status}`}`;
const asks = ({ wait }: Facts): string => (wait === '' ? '' : `: it asks to wait ${wait}`);
const hinted = ({ hint }: Facts): string => (hint === '' ? '' : ` ${hint}`);
const set = ({ address }: Facts, verb: string): string => (address === '' ? '' : `${verb} ${address}`);
const andAddress = (facts: Facts): string => set(facts, ' and');

/** English. */
export const en: Words = {
  sentences: {
    'authentication-failed': (facts) =>
      `${facts.forbidden ? 'access denied' : 'the API key was not accepted'} (${who(facts)}): check ${facts.key === '' ? 'the key' : facts.key}${facts.hint === '' ? '' : `. ${facts.hint.replace(/\.$/, '')}`}`,
    'model-not-found': (facts) =>
      `model not found: ${facts.provider} does not offer ${JSON.stringify(facts.model)} at ${facts.url}` +
      (facts.bare ? ` (or the address is wrong: check ${facts.address}, which mostly ends with /v1)` : '') +
      (facts.near.length === 0 ? '.' : `. Near names: ${facts.near.join(', ')}.`) +
      `${hinted(facts)} See \`models\` for what it offers and choose one with --model`,
    'no-model-served': (facts) =>
      `model not found: ${facts.url} lists no model (${facts.provider}); load one there, or name one with --model`,
    'context-length-exceeded': (facts) =>
      `context length exceeded: the request is longer than the window of ${facts.model} (${who(facts)}); shorten the conversation or take a model with a larger window`,
    'rate-limited': (facts) => `rate limited (${who(facts)})${asks(facts)}; try again later or use another key or model`,
    'insufficient-quota': (facts) =>
      `insufficient quota or balance (${who(facts)})${asks(facts)}: top up the account of ${facts.key === '' ? 'this key' : facts.key}, or use another provider`,
    'payload-too-large': (facts) => `payload too large: the server takes no request of this size (${who(facts)}); shorten the conversation`,
    'content-filter': (facts) => `the provider's content filter refused the request (${who(facts)}); ask in other words`,
    'tools-unsupported': (facts) =>
      `${facts.model} does not offer tool calls here (${who(facts)}); take a model that does, start the server with tool calling switched on, or use --enable-tool-use-shim`,
    overloaded: (facts) => `the provider is overloaded (${who(facts)})${asks(facts)}; try again later`,
    'server-error': (facts) => `the provider failed (${who(facts)})${asks(facts)}; try again later`,
    'bad-request': (facts) =>
      `the provider refused the request (${who(facts)}); check the model and the provider's quirks in the configuration`,
    'connection-refused': (facts) =>
      `connection refused: nothing listens at ${facts.host} (${who(facts)}); start the server${set(facts, ' or set')}`,
    dns: (facts) => `the host ${facts.host} was not found (${who(facts)}); check the name, the network${andAddress(facts)}`,
    tls: (facts) =>
      `no secure connection to ${facts.host} (${who(facts)}): its certificate or TLS was not accepted; give its CA by NODE_EXTRA_CA_CERTS, or leave the certificate unchecked by LLM_SKIP_VERIFY_SSL=true or --skip-verify-ssl${set(facts, '; the address is set by')}`,
    'connection-timeout': (facts) =>
      `connection timeout: ${facts.host} did not answer (${who(facts)}); check the network, HTTPS_PROXY${andAddress(facts)}`,
    'connection-reset': (facts) =>
      `the connection to ${facts.host} broke (${who(facts)}); try again, and check the network and HTTPS_PROXY`,
    'connection-failed': (facts) => `no connection to ${facts.host} (${who(facts)}); check the network, HTTPS_PROXY${andAddress(facts)}`,
    stalled: (facts) =>
      `the model stalled: ${facts.said === '' ? 'no data came' : facts.said} (${who(facts)}); try again, or raise the time-out (--headers-timeout, --first-word-timeout, --idle-timeout)`,
    'empty-answer': (facts) => `the model returned nothing (${who(facts)}); try again, ask differently or take another model`,
    redirected: (facts) =>
      `${facts.url} redirects to ${facts.said === '' ? 'another address' : facts.said}, another origin: not followed, and the key was not sent there (${who(facts)}); if that is right, set ${facts.address} to it`,
    'not-an-api': (facts) =>
      `${facts.url} is not a model API: it answered with something else (${who(facts)}); check ${facts.address}, which mostly ends with /v1`,
  },
  says: (title, said) => ` ${title} says: ${said}`,
  cause: (said) => ` Cause: ${said}`,
  attempts: (count) => ` (${count} attempts)`,
  fullStop: '.',
  retry: {
    in: (wait) => `retrying in ${wait}`,
    now: 'retrying now',
    rateLimited: 'rate limited',
    overloaded: 'the provider is overloaded',
    serverError: 'the provider failed',
    empty: 'the model returned nothing',
    noConnection: 'no connection',
    brokeOff: 'the answer broke off',
  },
  broken: {
    headers: (wait) => `no answer within ${wait}`,
    firstContent: (wait) => `no first word within ${wait}`,
    idle: (wait) => `no further word within ${wait}`,
    list: (wait) => `no list of models within ${wait}`,
    callPiece: 'a piece of a tool call was not readable',
    middle: 'the answer ended in the middle',
  },
  joiner: ' or ',
};
