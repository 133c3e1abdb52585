import { serveMcpOnStreams, startMcpHttp } from '@kw/mcp-server';
import type { Config, McpServing } from '@kw/runtime';
import { createMcpServing } from '@kw/runtime';
import { usageError } from '../errors.ts';
import { exitCodes } from '../exit-code.ts';
import { safeText } from '../render/safe-text.ts';
import type { CommandContext } from './context.ts';

/** Serves MCP: on the standard streams, or over HTTP where an address was given on the command line. Gives the exit code. */
export async function mcpServer(context: CommandContext): Promise<number> {
  const { host, surroundings, loaded, words } = context;
  if (words.length > 0)
    throw usageError({ en: '--mcp-server takes no question; leave the words out', zh: '--mcp-server 不接受问题；请去掉多余的文字' });
  const isHttp = loaded.sources.get('ui-listen-address')?.layer === 'flag';
  if (isHttp) refuseWhatIsOfTheService(loaded.config);
  const serving = await createMcpServing(loaded.config, surroundings);
  try {
    for (const warning of serving.warnings) host.stderr.write(`${context.messages.warning(safeText(warning))}\n`);
    if (isHttp) await overHttp(serving, context);
    else await serveMcpOnStreams(serving, { ...host.streams(), signal: host.interrupt });
  } finally {
    await atMost(serving.close(), closeMs);
  }
  return exitCodes.answered;
}

/** What only the service keeps is refused, not left out: whoever set it relies on it. */
function refuseWhatIsOfTheService({ auth, service }: Config): void {
  const set =
    auth === 'oidc' || auth === 'kubernetes'
      ? `auth: ${auth}`
      : service.clusterIdentity === 'own'
        ? service.auditLog === undefined
          ? undefined
          : 'audit-log'
        : `cluster-identity: ${service.clusterIdentity}`;
  if (set === undefined) return;
  throw usageError({
    en: `${set} is kept by the service only, and --mcp-server with an address is none. Start the service, which serves MCP at /mcp, too: --user-interface=html`,
    zh: `${set} 仅由服务模式支持，而带地址的 --mcp-server 并非服务模式。请启动服务，它同样在 /mcp 提供 MCP：--user-interface=html`,
  });
}

/** Whatever hangs, the program ends. */
const closeMs = 300;

async function overHttp(serving: McpServing, { host, loaded: { config } }: CommandContext): Promise<void> {
  const server = await startMcpHttp({
    serving,
    listenAddress: config.listenAddress,
    auth: {
      mode: config.auth === 'none' ? 'none' : 'token',
      ...(config.authToken === undefined ? {} : { token: config.authToken }),
      tokens: config.service.tokens,
      loopbackAuth: config.service.loopbackAuth,
      hosts: config.allowedHosts,
    },
    trustedProxies: config.service.trustedProxies,
    print: (line) => host.stderr.write(`${line}\n`),
    uid: host.userId,
  });
  try {
    await interrupted(host.interrupt);
  } finally {
    await server.stop();
  }
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function atMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
