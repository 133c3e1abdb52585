/** Characters of generated names. */
const hash = '[bcdfghjklmnpqrstvwxz2456789]';

/** What differs from cluster to cluster and what stands for it, in this order. */
const rules: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  // How many steps of a rollout a client sees depends on when it looks.
  [/^Waiting for .*\n(?=[\s\S]*\S)/gm, ''],
  // oxlint-disable-next-line no-control-regex -- colours begin with one
  [/\u001b\[[\d;]*m/g, ''],
  // The sandbox says of itself that it is one.
  [/\+sandbox\b/g, ''],
  [/("gitCommit": ")(module-proxy|sandbox)"/g, '$1<commit>"'],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+/g, '<token>'],
  [/("continue"\s*:\s*")[^"]+/g, '$1<continue>'],
  [/(-{4,}BEGIN [A-Z ]+-{4,})[^-]+/g, '$1<pem>'],
  [/[A-Za-z0-9+/]{120,}={0,2}/g, '<base64>'],
  [/\b[0-9a-f]{64}\b/g, '<sha256>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|UTC|[+-]\d\d:?\d\d))*/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(\d\d? )?[A-Z][a-z]{2} +(\d\d? )?\d*:?[\d: ]*(\+0000 )?\d*( UTC)?/g, '<time>'],
  [/\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /g, '<log> '],
  [/(resourceVersion"?\s*[:=]\s*"?)\d+/gi, '$1<version>'],
  [/(Resource Version:\s+)\d+/g, '$1<version>'],
  [/(Too large resource version: \d+, current: )\d+/g, '$1<version>'],
  [/((pod-template-hash|controller-revision-hash|pod-template-generation)["':=, ]+)[\w-]+/g, '$1<hash>'],
  [/\.[0-9a-f]{16}\b/g, '.<event>'],
  [/(kubectl-edit|LIVE|MERGED)-\d+/g, '$1-<n>'],
  [new RegExp(`-${hash}{6,10}-${hash}{5}\\b`, 'g'), '-<set>-<pod>'],
  [new RegExp(`-(?=[a-z]*\\d)${hash}{8,10}\\b`, 'g'), '-<set>'],
  [new RegExp(`-${hash}{5}\\b(?!-)`, 'g'), '-<pod>'],
  [/\b10\.244\.\d+\.\d+/g, '<pod-address>'],
  [/\b10\.96\.\d+\.\d+/g, '<service-address>'],
  [/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:<port>'],
  // Where a pod lands among equal nodes is chosen at random.
  [/\bsandbox-worker2?\b/g, '<worker>'],
  [/\bzone-[ab]\b/g, '<zone>'],
  [/\b(30|31|32)\d{3}\b/g, '<node-port>'],
  [/\bx\d+ over/g, 'x<n> over'],
  [/\b\d+(ms|s|m|h|d)(\d+(ms|s|m|h))*\b|<invalid>|\b\d+\.\d+m?s\b/g, '<age>'],
  [/<age> \(x<n> over <age>\)/g, '<age>'],
  [/(?<=\S)[ \t]{2,}/g, '  '],
  [/[ \t]+$/gm, ''],
  [/-{4,}/g, '----'],
];

/** The text with placeholders for all that no two clusters share: times, identifiers, versions, hashes, addresses. */
export function normalize(text: string): string {
  return rules.reduce((result, [pattern, placeholder]) => result.replace(pattern, placeholder), text);
}

const sorted = (text: string, separator: string | RegExp): string => text.split(separator).toSorted().join('\n');

/** Whether two answers are the same, the same in another order, or different. */
export function compare(a: string, b: string): 'same' | 'order' | 'different' {
  const [left, right] = [normalize(a), normalize(b)];
  if (left === right) return 'same';
  if (sorted(left, '\n') === sorted(right, '\n') || sorted(left, /[\s,]+/) === sorted(right, /[\s,]+/)) return 'order';
  return 'different';
}
