/** Versions of the API that a release no longer serves, of kinds that are read anyway: the minor of that release, and what takes their place. */
export const removals: readonly {
  /** Absent: all kinds of the version. */
  readonly kinds?: readonly string[];
  readonly version: string;
  readonly minor: number;
  readonly instead: string;
}[] = [
  // https://kubernetes.io/docs/reference/using-api/deprecation-guide/
  { version: 'extensions/v1beta1', kinds: ['Ingress'], minor: 22, instead: 'networking.k8s.io/v1' },
  { version: 'networking.k8s.io/v1beta1', kinds: ['Ingress', 'IngressClass'], minor: 22, instead: 'networking.k8s.io/v1' },
  {
    version: 'admissionregistration.k8s.io/v1beta1',
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    minor: 22,
    instead: 'admissionregistration.k8s.io/v1',
  },
  { version: 'apiextensions.k8s.io/v1beta1', minor: 22, instead: 'apiextensions.k8s.io/v1' },
  { version: 'apiregistration.k8s.io/v1beta1', minor: 22, instead: 'apiregistration.k8s.io/v1' },
  { version: 'storage.k8s.io/v1beta1', kinds: ['StorageClass', 'VolumeAttachment'], minor: 22, instead: 'storage.k8s.io/v1' },
  { version: 'batch/v1beta1', kinds: ['CronJob'], minor: 25, instead: 'batch/v1' },
  { version: 'discovery.k8s.io/v1beta1', kinds: ['EndpointSlice'], minor: 25, instead: 'discovery.k8s.io/v1' },
  { version: 'policy/v1beta1', minor: 25, instead: 'policy/v1' },
  { version: 'autoscaling/v2beta1', minor: 25, instead: 'autoscaling/v2' },
  { version: 'autoscaling/v2beta2', minor: 26, instead: 'autoscaling/v2' },
];
