import type { RunTarget } from '../target.ts';
import type { Tool, ToolInvocation } from '../tool.ts';

/** What an approval is bound to. */
export interface Fingerprinted {
  readonly tool: Tool;
  readonly argumentsJson: string;
  readonly invocation: ToolInvocation;
  readonly target: RunTarget | undefined;
  /** Mixed in where the arguments hold a secret, so that nobody can guess it from the hash. */
  readonly salt: string;
}

/** SHA-256, hex, over tool, version, argument bytes, binding, target, effect. */
export async function fingerprintOf({ tool, argumentsJson, invocation, target, salt }: Fingerprinted): Promise<string> {
  return sha256(
    JSON.stringify([tool.name, tool.version, argumentsJson, invocation.binding ?? '', target?.fingerprint ?? '', invocation.effect, salt]),
  );
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
