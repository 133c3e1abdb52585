/** Who takes a finalizer away: by its name, or by the beginning or the domain of it; the first that fits. */
const holders: readonly (readonly [RegExp, string])[] = [
  [/^kubernetes\.io\/pvc-protection$/, 'kube-controller-manager, once no pod uses the claim'],
  [/^kubernetes\.io\/pv-protection$/, 'kube-controller-manager, once no claim is bound to the volume'],
  [/^(?:foregroundDeletion|orphan)$/, 'the garbage collector of kube-controller-manager, once what it owns is gone'],
  [/^batch\.kubernetes\.io\/job-tracking$/, 'the Job controller of kube-controller-manager'],
  [/^kubernetes$/, 'the namespace controller of kube-controller-manager'],
  [/^external-provisioner\.volume\.kubernetes\.io\//, 'the CSI provisioner, once the volume is deleted'],
  [/^external-attacher\//, 'the CSI attacher, once the volume is detached'],
  [/^snapshot\.storage\.kubernetes\.io\//, 'the snapshot controller'],
  [/^service\.kubernetes\.io\/load-balancer-cleanup$/, "the cloud's controller, once the load balancer is gone"],
  [/^(?:service|ingress|elbv2|elbv2\.service)\.k8s\.aws\//, 'the AWS Load Balancer Controller'],
  [/^networking\.gke\.io\//, "GKE's Ingress controller"],
  [/argocd\.argoproj\.io/, 'the application controller of Argo CD'],
  [/argoproj\.io/, 'the Argo controllers'],
  [/^finalizers\.fluxcd\.io$/, "Flux's controllers"],
  [/karpenter\.sh/, 'Karpenter'],
  [/keda\.sh/, "KEDA's operator"],
  [/cert-manager\.io/, 'cert-manager'],
  [/kueue\.x-k8s\.io/, 'Kueue'],
  [/crossplane\.io/, 'Crossplane or its provider'],
  [/(?:cattle|rancher)\.io/, 'Rancher'],
  [/cluster\.x-k8s\.io/, 'Cluster API'],
  [/longhorn\.io/, 'Longhorn'],
  [/rook\.io|ceph/, 'Rook'],
  [/istio/, 'Istio'],
  [/kyverno\.io/, 'Kyverno'],
  [/strimzi\.io/, 'the Strimzi operator'],
];

/** Who has to take a finalizer away, as far as its name tells. */
export function holderOf(finalizer: string): string {
  const known = holders.find(([pattern]) => pattern.test(finalizer));
  if (known !== undefined) return known[1];
  const [domain = ''] = finalizer.split('/');
  return domain.includes('.') ? `the controller of ${domain}` : 'the controller that set it';
}
