import type { RunOutcome } from '@kw/agent';

/** Exit codes of the program: what a script may rely on. */
export const exitCodes = {
  answered: 0,
  failed: 1,
  usage: 2,
  unanswered: 3,
  limit: 4,
  found: 5,
  interrupted: 130,
} as const;

/** The exit code of a run's end. */
export function exitCodeOf(outcome: RunOutcome, unanswered: number): number {
  switch (outcome.type) {
    case 'completed':
      return unanswered > 0 ? exitCodes.unanswered : exitCodes.answered;
    case 'limit':
      return exitCodes.limit;
    case 'cancelled':
      return exitCodes.interrupted;
    case 'failed':
      return exitCodes.failed;
  }
}

/** The exit code of an error that was thrown below or before a run. */
export function exitCodeOfError(code: string): number {
  return usageCodes.has(code) ? exitCodes.usage : exitCodes.failed;
}

/** What is wrong in the command line, the configuration or the kubeconfig, and is so again the next time. */
const usageCodes = new Set([
  'bad-usage',
  'bad-configuration',
  'api-key-not-found',
  'unknown-provider',
  'base-url-not-found',
  'invalid-base-url',
  'model-not-set',
  'unknown-context',
  'no-context',
  'kubeconfig-invalid',
  'kubeconfig-unreadable',
  'unknown-session',
  'ambiguous-session',
  'bad-session-id',
  'unknown-mcp-server',
]);
