import type { Finding } from '../finding.ts';
import type { NotChecked } from '../report.ts';
import { shownKind } from '../world/world-kind.ts';
import { otherNamespaces } from '../world/world.ts';

/** `deployment/web -n shop`, as kubectl takes it. */
export function objectWords({ kind, namespace, name }: Pick<Finding, 'kind' | 'namespace' | 'name'>): string {
  return plain(`${shownKind(kind)}/${name}${namespace === undefined ? '' : ` -n ${namespace}`}`);
}

/** `Secret, Pod in shop, web: forbidden`: one text for all kinds of which the same is to be said. */
export function notCheckedWords(notChecked: readonly NotChecked[]): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, namespaces, code } of notChecked) {
    const where =
      namespaces === undefined ? '' : ` in ${namespaces.map((name) => (name === otherNamespaces ? 'other namespaces' : name)).join(', ')}`;
    const said = `${where}: ${code}`;
    kinds.set(said, [...(kinds.get(said) ?? []), kind]);
  }
  return [...kinds].map(([said, names]) => plain(`${names.join(', ')}${said}`));
}

/** Text of the cluster on one line, without control and direction characters. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g, ' ');
}
