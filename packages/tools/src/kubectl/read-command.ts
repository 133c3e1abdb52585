import { kubectlRoot } from './table.ts';
import { tokenize } from './tokenize.ts';
import type { Tokens } from './tokenize.ts';

/** Reads a command string for kubectl; assignments and other programs in front of kubectl are for a shell. */
export function readCommand(command: string): Tokens {
  const tokens = tokenize(command);
  if (tokens.type !== 'words') return tokens;
  const [first = 'kubectl', ...rest] = tokens.words;
  if (first === 'kubectl' || first.startsWith('-') || kubectlRoot().children.has(first)) return tokens;
  if (/^[A-Za-z_]\w*=/.test(first)) return { type: 'shell', reason: `${first.split('=')[0] ?? ''}= in front is for a shell` };
  return rest.includes('kubectl') ? { type: 'shell', reason: `${first} in front of kubectl is for a shell` } : tokens;
}
