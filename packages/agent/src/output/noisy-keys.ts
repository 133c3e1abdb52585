/** Members of Kubernetes objects that say nothing to a reader. */
export const noisyKeys: ReadonlySet<string> = new Set([
  'managedFields',
  'kubectl.kubernetes.io/last-applied-configuration',
  'uid',
  'resourceVersion',
  'selfLink',
  'generation',
]);
