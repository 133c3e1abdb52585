import { delimiter, isAbsolute } from 'node:path';
import type { KubeHost } from '../host.ts';

/** Environment variables of a child process. */
export type ProcessEnvironment = Readonly<Record<string, string>>;

/** What every child may know. */
const common: ReadonlySet<string> = new Set([
  'PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LANGUAGE', 'TZ', 'TERM', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy',
]); // prettier-ignore

/** What exec plugins need on top. */
const forPlugins = /^(?:AWS_|AZURE_|CLOUDSDK_|GOOGLE_|KUBERNETES_SERVICE_)/;

/** Keys of model vendors that share those prefixes. */
const vendorKey = /API_?KEY|OPENAI|BEDROCK|GENERATIVE_AI|GEMINI|VERTEX/;

/** Variables that change what kubectl does, and so are always ours. */
const kubectlSwitches = /^(?:KUBECONFIG|KUBERC|KUBECACHEDIR|KUBECTL_.*|KUBE_EDITOR|POD_NAMESPACE)$/;

/** A command's heap is small and short-lived: with fewer collections kubectl starts a fifth faster (56 -> 43 ms). From 1 GiB on they come as ever. */
const lighterCollector = { GOGC: '400', GOMEMLIMIT: '1GiB' };

/** Where kubectl finds the frozen target. */
export interface FrozenPlaces {
  readonly kubeconfigPath: string;
  readonly cacheDirectory: string;
}

/**
 * The environment of kubectl run by argv: the common variables, what exec plugins need, `passEnvironment` by exact name, and the
 * frozen kubeconfig with `KUBERC=off`. Keys of model vendors are never in it.
 */
export function kubectlEnvironment(host: KubeHost, places: FrozenPlaces, passEnvironment: readonly string[] = []): ProcessEnvironment {
  return { ...lighterCollector, ...pluginEnvironment(host, passEnvironment), ...frozen(places) };
}

/** The smaller environment of shells and custom tools: no cloud variables. */
export function shellEnvironment(host: KubeHost, places: FrozenPlaces): ProcessEnvironment {
  return { ...select(host, isCommon), ...frozen(places) };
}

/** The environment of an exec credential plugin that this process runs itself. */
export function pluginEnvironment(host: KubeHost, passEnvironment: readonly string[] = []): ProcessEnvironment {
  const extra = new Set(passEnvironment);
  return select(host, (name) => isCommon(name) || extra.has(name) || (forPlugins.test(name) && !vendorKey.test(name.toUpperCase())));
}

function isCommon(name: string): boolean {
  return common.has(name) || name.startsWith('LC_');
}

function frozen({ kubeconfigPath, cacheDirectory }: FrozenPlaces): ProcessEnvironment {
  // KUBERC=off for kubectl >= 1.34, the feature switch for the versions around it.
  return { KUBECONFIG: kubeconfigPath, KUBECACHEDIR: cacheDirectory, KUBERC: 'off', KUBECTL_KUBERC: 'false' };
}

function select(host: KubeHost, accept: (name: string) => boolean): ProcessEnvironment {
  const selected = Object.entries(host.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !kubectlSwitches.test(entry[0]) && accept(entry[0]),
  );
  return Object.fromEntries(selected.map(([name, value]) => [name, name === 'PATH' ? absolutePath(value) : value]));
}

/** PATH without entries that depend on the folder a command goes to: `cd /tmp && ls` must not run `/tmp/ls`. */
function absolutePath(path: string): string {
  return path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry))
    .join(delimiter);
}
