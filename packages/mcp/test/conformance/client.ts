// A client that is our own manager, as the official suite starts it: the server's address is the last argument.
import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createMcpManager, elicited, memoryTrustStore, privateFile, signIn, type UpstreamConfig } from '@kw/mcp';

const url = process.argv.at(-1) ?? '';
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  readonly client_id?: string;
  readonly client_secret?: string;
};
const redirectUrl = 'http://127.0.0.1:3000/callback';

/** The user agrees: the page sends the browser back with a code. */
async function authorize(page: URL, state: string): Promise<string> {
  const response = await fetch(page, { redirect: 'manual' });
  const back = new URL(response.headers.get('location') ?? '', page);
  if (back.searchParams.get('state') !== null && back.searchParams.get('state') !== state) throw new Error('another state');
  return back.searchParams.get('code') ?? '';
}

const config: UpstreamConfig = {
  name: 'conformance',
  transport: { type: 'http', url, headers: {} },
  timeoutMs: 20_000,
  enabled: true,
  prefix: false,
  trust: true,
  ...(scenario.startsWith('auth/')
    ? {
        auth: {
          type: 'oauth',
          ...(context.client_id === undefined ? {} : { clientId: context.client_id }),
          ...(context.client_secret === undefined ? {} : { clientSecret: context.client_secret }),
          clientMetadataUrl: 'https://conformance-test.local/client-metadata.json',
        } as const,
      }
    : {}),
};

const manager = createMcpManager({
  servers: [config],
  clientInfo: { name: 'kubelet-wuhrai', version: '1' },
  capabilities: () => ({ elicitation: { form: { applyDefaults: true } } }),
  env: {},
  cwd: tmpdir(),
  trust: memoryTrustStore(),
  fetch: (to, init) => fetch(to, init),
  oauth: (server, auth) =>
    signIn({
      auth,
      config: server,
      file: privateFile(join(mkdtempSync(join(tmpdir(), 'kw-tokens-')), 'tokens.json')),
      redirectUrl,
      authorize,
    }),
  answer: async (_server, _method, params) => elicited({}, params),
  notice: (text) => process.stderr.write(`${text}\n`),
});

const calls = new Map<string, Record<string, string | number>>([['add_numbers', { a: 5, b: 3 }]]);
let failed = false;
try {
  const upstream = manager.upstream('conformance');
  await upstream.connected();
  for (const { original } of manager.tools().tools)
    await upstream.request('tools/call', { name: original, arguments: calls.get(original) ?? {} });
} catch (error) {
  failed = true;
  process.stderr.write(`${String(error)}\n`);
}
await manager.close();
process.exit(failed ? 1 : 0);
