import type { Finding } from '../finding.ts';
import type { NotChecked } from '../report.ts';

/** `deployment/web -n shop`, as kubectl takes it. */
export function objectWords({ kind, namespace, name }: Pick<Finding, 'kind' | 'namespace' | 'name'>): string {
  return `${kind.toLowerCase()}/${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
}

/** `secrets in shop, web: forbidden`. */
export function notCheckedWords({ kind, namespaces, code }: NotChecked): string {
  return `${kind}${namespaces === undefined ? '' : ` in ${namespaces.join(', ')}`}: ${code}`;
}

/** Text of the cluster on one line, without control and direction characters. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g, ' ');
}
