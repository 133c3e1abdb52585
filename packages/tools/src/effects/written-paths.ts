import { hasOpaque } from '../kubectl/opaque.ts';
import type { Finding } from './judgement.ts';

const devices: ReadonlySet<string> = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/fd/1', '/dev/fd/2', '/dev/zero']);
// Commands start in `/`: `etc/hosts` is `/etc/hosts`.
const system =
  /^\/?(?:etc|dev|proc|sys|boot|usr|bin|sbin|lib\w*|opt|var\/(?:lib|run|spool|www)|run|root)(?:\/|$)|(?:^|\/)\.(?:kube|ssh|aws|azure|docker|bash|zsh|profile|config|gitconfig|gnupg|local)|^~\/?\.|(?:^|\/)\.\.(?:\/|$)/;

/** What writing a local file comes to: nothing for the null device, dangerous for files that the system or programs act on. */
export function judgeWrittenPath(path: string, how: string): Finding | undefined {
  if (hasOpaque(path) && !path.startsWith('/dev/fd/'))
    return { effect: 'unknown', reason: `${how} writes a file that is not known before` };
  if (devices.has(path)) return undefined;
  if (path.startsWith('/dev/tcp/') || path.startsWith('/dev/udp/')) return { effect: 'unknown', reason: `${how} opens a connection` };
  if (system.test(path.replaceAll(/\/{2,}/g, '/').replaceAll('/./', '/')))
    return { effect: 'dangerous', reason: `${how} writes a file that the system or a program acts on` };
  return { effect: 'write', reason: `${how} writes a file` };
}
