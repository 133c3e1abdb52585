import type { Finding } from '../effects/judgement.ts';
import type { FlagUse } from './parse-flags.ts';

const what: ReadonlyMap<string, string> = new Map([
  ['server', 'names another server'],
  ['kubeconfig', 'names another kubeconfig'],
  ['kuberc', 'names preferences that change what commands mean'],
  ['context', 'names a context'],
  ['cluster', 'names another cluster'],
  ['user', 'names another user'],
  ['token', 'brings a credential'],
  ['username', 'brings a credential'],
  ['password', 'brings a credential'],
  ['client-certificate', 'brings a credential'],
  ['client-key', 'brings a credential'],
  ['as', 'acts as somebody else'],
  ['as-group', 'acts as somebody else'],
  ['as-uid', 'acts as somebody else'],
  ['as-user-extra', 'acts as somebody else'],
  ['certificate-authority', 'changes whom it trusts'],
  ['insecure-skip-tls-verify', 'changes whom it trusts'],
  ['tls-server-name', 'changes whom it trusts'],
  ['cache-dir', 'moves the cache of what the server offers'],
]);

// Shown by name only: the value is a secret.
const secretValues: ReadonlySet<string> = new Set(['token', 'password']);

/** Findings about flags that move a command to another target or identity. A `--context` that names the target's own does not. */
export function judgeTargetFlags(uses: readonly FlagUse[], currentContext?: string): readonly Finding[] {
  return uses.flatMap((use) => {
    const { name, isGlobal } = use.spec;
    const meaning = what.get(name);
    if (meaning === undefined || !isGlobal || (name === 'context' && use.value === currentContext && currentContext !== undefined))
      return [];
    const shown = secretValues.has(name) ? `--${name}` : use.written;
    return [{ trait: 'moves-target', reason: `${shown} ${meaning}`, targetFlag: `--${name}` } satisfies Finding];
  });
}
