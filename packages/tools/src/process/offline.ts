import type { ToolContext } from '@kw/agent';

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';
const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

/**
 * The same environment for a command that may read the cluster but fetch nothing else, such as the bases of a kustomization: git may not use the
 * network, and what is no cluster goes to a proxy that does not answer. A proxy of the user's stays where the cluster may need it.
 */
export function withoutFetching(
  env: Readonly<Record<string, string>>,
  { target }: Pick<ToolContext, 'target'>,
  { needsCluster }: { readonly needsCluster: boolean },
): Readonly<Record<string, string>> {
  const noGit = { GIT_ALLOW_PROTOCOL: 'file', GIT_TERMINAL_PROMPT: '0' };
  if (needsCluster && proxies.some((name) => (env[name] ?? '') !== '')) return { ...env, ...noGit };
  const server = needsCluster && target !== undefined ? hostOf(target.target.server) : '';
  const blocked = Object.fromEntries(proxies.map((name) => [name, nowhere]));
  return { ...env, ...noGit, ...blocked, NO_PROXY: server, no_proxy: server };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replaceAll(/[[\]]/g, '') : '';
}
