import { sha256Hex } from './sha256-hex.ts';
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
export function fingerprintOf({ tool, argumentsJson, invocation, target, salt }: Fingerprinted): string {
  return sha256Hex(
    JSON.stringify([tool.name, tool.version, argumentsJson, invocation.binding ?? '', target?.fingerprint ?? '', invocation.effect, salt]),
  );
}
