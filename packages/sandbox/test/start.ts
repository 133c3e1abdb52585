import type { JsonMap } from '../src/json.ts';
import { isMap } from '../src/json.ts';
import type { Sandbox, SandboxOptions } from '../src/sandbox.ts';
import { createSandbox } from '../src/sandbox.ts';
import { manualClock } from '../src/clock.ts';

/** What a request answered. */
export interface Reply {
  readonly status: number;
  readonly body: JsonMap;
  readonly warning: string | null;
}

/** A sandbox with a way to ask it. */
export interface Started {
  readonly sandbox: Sandbox;
  ask(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly type?: string; readonly headers?: Record<string, string> },
  ): Promise<Reply>;
}

/** Starts a sandbox at a fixed time and a client for it that goes through no socket. */
export async function start(options: SandboxOptions = {}): Promise<Started> {
  const sandbox = await createSandbox({ clock: manualClock(), seed: 'test', ...options });
  return {
    sandbox,
    async ask(method, path, { body, type = 'application/json', headers = {} } = {}) {
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const response = await sandbox.fetch(`${sandbox.url}${path}`, {
        method,
        headers: { 'content-type': type, 'user-agent': 'test', ...headers },
        ...sent,
      });
      const text = await response.text();
      const value: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
      return { status: response.status, body: isMap(value) ? value : { text }, warning: response.headers.get('warning') };
    },
  };
}

/** A Deployment with one container. */
export function deployment(name: string, spec: JsonMap = {}): JsonMap {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'nginx:1.25', ports: [{ containerPort: 80 }] }] },
      },
      ...spec,
    },
  };
}

/** A ConfigMap. */
export function configMap(name: string, data: JsonMap = {}): JsonMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}
