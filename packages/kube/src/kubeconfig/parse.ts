import { invalid, optionalFields, optionalLine, optionalList, toFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { parseCluster } from './parse-cluster.ts';
import { parseUser } from './parse-user.ts';
import type { Kubeconfig, KubeconfigContext } from './types.ts';
import { parseYamlDocument } from './yaml.ts';
import { quote } from '../text.ts';

/** Parses the text of one kubeconfig file; relative paths in it start at the folder of `source`. Throws `kubeconfig-invalid`. */
export async function parseKubeconfig(text: string, source: string): Promise<Kubeconfig> {
  const top = toFields(await parseYamlDocument(text, source), source, '');
  const kind = optionalLine(top, 'kind');
  if (kind !== undefined && kind !== 'Config') throw invalid(source, `its kind is ${quote(kind)}, not "Config".`);
  const apiVersion = optionalLine(top, 'apiVersion');
  if (apiVersion !== undefined && apiVersion !== 'v1') throw invalid(source, `its apiVersion is ${quote(apiVersion)}, not "v1".`);
  const currentContext = optionalLine(top, 'current-context');
  return {
    files: [source],
    missing: [],
    ...(currentContext !== undefined && { currentContext }),
    clusters: namedEntries(top, 'clusters', 'cluster', parseCluster),
    users: namedEntries(top, 'users', 'user', parseUser),
    contexts: namedEntries(top, 'contexts', 'context', parseContext),
  };
}

function namedEntries<Entry>(top: Fields, list: string, item: string, parse: (name: string, fields: Fields) => Entry): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [index, value] of optionalList(top, list).entries()) {
    const place = `${list}[${index}]`;
    const fields = toFields(value, top.source, place);
    const name = optionalLine(fields, 'name');
    if (name === undefined) throw invalid(top.source, `${place} has no name.`);
    if (entries.has(name)) throw invalid(top.source, `${list} has the name ${quote(name)} twice.`);
    entries.set(name, parse(name, optionalFields(fields, item) ?? toFields(undefined, top.source, `${place}.${item}`)));
  }
  return entries;
}

function parseContext(name: string, fields: Fields): KubeconfigContext {
  const namespace = optionalLine(fields, 'namespace');
  return {
    name,
    source: fields.source,
    cluster: optionalLine(fields, 'cluster') ?? '',
    user: optionalLine(fields, 'user') ?? '',
    ...(namespace !== undefined && { namespace }),
  };
}
