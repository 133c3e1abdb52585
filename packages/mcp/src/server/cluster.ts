import type { CallResult, Calls, JsonObject, Tool } from '@kw/agent';
import { parseObjectUri } from './object-uri.ts';
import { rpcCodes, rpcError } from './rpc.ts';

/** How reads of the cluster are made: by the kubectl tool, through the executor like any other call. */
export interface ClusterReads {
  readonly calls: Calls;
  readonly tools: readonly Tool[];
}

const maxTokens = 100_000;
const readMs = 10_000;

/** One object as YAML, its secrets hidden. `_` stands for no namespace. Throws an error that says what is wrong. */
export async function readObject(uri: string, reads: ClusterReads, signal: AbortSignal): Promise<JsonObject> {
  const { context, namespace, kind, name } = parseObjectUri(uri);
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  const result = await run(`kubectl get ${kind} ${name}${where} -o yaml`, reads, { signal, context });
  if (result.isError) throw rpcError(rpcCodes.resourceNotFound, result.content, { uri });
  return { contents: [{ uri, mimeType: 'application/yaml', text: result.content }] };
}

/** Names of namespaces; none where the cluster does not answer. */
export async function namespaces(reads: ClusterReads, signal: AbortSignal): Promise<readonly string[]> {
  return names(await quiet(`kubectl get namespaces -o name`, reads, signal)).map((line) => line.replace(/^namespace\//, ''));
}

/** Names of kinds; the usual ones where the cluster does not answer. */
export async function kinds(reads: ClusterReads, signal: AbortSignal): Promise<readonly string[]> {
  const found = names(await quiet(`kubectl api-resources --verbs=get -o name`, reads, signal));
  return found.length > 0 ? found : usualKinds;
}

const usualKinds = [
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'services',
  'configmaps',
  'ingresses.networking.k8s.io',
  'jobs.batch',
  'nodes',
  'persistentvolumeclaims',
];

async function quiet(command: string, reads: ClusterReads, signal: AbortSignal): Promise<string> {
  const result = await run(command, reads, { signal: AbortSignal.any([signal, AbortSignal.timeout(readMs)]) });
  return result.isError ? '' : result.content;
}

function run(
  command: string,
  { calls, tools }: ClusterReads,
  { signal, context }: { readonly signal: AbortSignal; readonly context?: string },
): Promise<CallResult> {
  return calls.execute({
    name: 'kubectl',
    argumentsJson: JSON.stringify({ command }),
    tools,
    signal,
    resultTokens: maxTokens,
    ...(context === undefined ? {} : { target: { context } }),
  });
}

function names(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !/\s/.test(line));
}
