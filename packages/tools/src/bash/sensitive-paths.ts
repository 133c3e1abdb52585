import type { Finding } from '../effects/judgement.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import type { ShellWord } from './shell-word.ts';

// Where credentials lie: service accounts, kubeconfigs, cloud and forge clients, SSH, process environments, keys.
// Commands start in `/`, so a path without a leading slash may mean the same file.
const sensitive = new RegExp(
  [
    '(?:^|/)run/secrets(?:/|$)',
    'secrets/kubernetes\\.io',
    '(?:^|/)\\.kube(?:/|$)',
    'kubeconfig',
    '(?:^|/)etc/(?:kubernetes|g?shadow|sudoers|ssh|ssl/private|rancher)',
    '(?:^|/)g?shadow-?$',
    '(?:^|/)\\.(?:ssh|aws|azure|gnupg|docker|config/gcloud|config/helm|netrc|pgpass|git-credentials|npmrc|pypirc|vault-token|env)\\b',
    'id_(?:rsa|dsa|ecdsa|ed25519)',
    '(?:^|/)proc/[^/]+/(?:environ|mem|root|fd|cwd|maps|cmdline)',
    '(?:^|/)environ$',
    '\\.(?:pem|key|p12|pfx|jks|keystore)$',
    '(?:^|[/._-])(?:token|password|passwd|credentials?|secrets?)(?:$|[/.])',
    '_history$',
    '(?:^|/)var/lib/(?:kubelet|etcd|rancher)',
    '(?:^|/)dev/(?:mem|kmem|port|kmsg|watchdog|sd|nvme|x?vd|dm-|mapper|loop|disk)',
    '(?:^|/)proc/(?:kcore|kmsg)',
    // Our own: frozen kubeconfigs, the configuration with its keys, sessions, the work directories of others.
    '(?:^|/)kw-targets-|(?:^|/)kubelet-wuhrai(?:/|$)|(?:^|/)kubelet-wuhrai-',
    '(?:^|/)(?:(?:super-)?admin|kubelet|scheduler|controller-manager)\\.conf$|(?:^|/)(?:k3s|rke2)\\.yaml$',
    '(?:^|/)\\.(?:config/(?:gh|hub|glab|rclone|doctl)|my\\.cnf|s3cfg|boto|databrickscfg)(?:/|$)|\\.tfstate$',
  ].join('|'),
  'i',
);
const wide = /^(?:\.{0,2}\/?|~\/?|\/?(?:root|home|etc|proc|var|run|var\/run|var\/lib|sys|dev|opt|srv)(?:\/[^/]*)?\/?|\/?(?:var\/)?tmp\/?)$/;

/** The path without empty parts, `.` and `..`, as far as that can be told without looking. */
function plainPath(path: string): string {
  const parts: string[] = [];
  for (const [index, part] of path.split('/').entries()) {
    if (part === '.' || (part === '' && index > 0)) continue;
    if (part === '..' && !['', '..', '~', undefined].includes(parts.at(-1))) parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** True for a path under which credentials usually lie. */
export function isSensitivePath(path: string): boolean {
  return sensitive.test(path) || sensitive.test(plainPath(path));
}

/** Findings about the files that a program reads; with `recursive`, whole trees count. */
export function judgePaths(words: readonly ShellWord[], options: { readonly recursive?: boolean } = {}): readonly Finding[] {
  return words.flatMap((word): readonly Finding[] => {
    if (isSensitivePath(word.text)) return [{ trait: 'sensitive', reason: `${showOpaque(word.text)} is where credentials lie` }];
    if (word.text.startsWith('/dev/fd/')) return [];
    if (hasOpaque(word.text) || word.loose !== undefined)
      return [{ trait: 'sensitive', reason: `the file ${showOpaque(word.text)} is not known before` }];
    if (options.recursive === true && wide.test(word.text)) return [{ trait: 'sensitive', reason: `${word.text} holds credentials, too` }];
    return [];
  });
}
