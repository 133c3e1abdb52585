// For trying this example without DeepSeek: `node --import ./model-nearby.mjs main.ts` sends the requests that are meant for
// api.deepseek.com to the server of KW_EXAMPLE_MODEL. Leave it out, and the same program talks to DeepSeek.
const nearby = process.env.KW_EXAMPLE_MODEL;
const real = globalThis.fetch;
if (nearby !== undefined) {
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const url = request.url.replace(/^https:\/\/api\.deepseek\.com/, nearby);
    return real(url, { method: request.method, headers: request.headers, body: init?.body, signal: init?.signal, redirect: 'manual' });
  };
}
