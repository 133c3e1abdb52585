/** What a test kubeconfig holds beside the names. */
export interface TestKubeconfig {
  readonly cluster?: object;
  readonly user?: object;
  readonly namespace?: string;
  readonly context?: string;
}

/** The text of a kubeconfig with one context; JSON is YAML. */
export function kubeconfigOf({ cluster = {}, user = {}, namespace, context = 'dev' }: TestKubeconfig): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'dev-cluster', cluster: { server: 'https://dev.example.com:6443', ...cluster } }],
    users: [{ name: 'dev-user', user }],
    contexts: [{ name: context, context: { cluster: 'dev-cluster', user: 'dev-user', namespace } }],
  });
}

/** Base64 of a text. */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
