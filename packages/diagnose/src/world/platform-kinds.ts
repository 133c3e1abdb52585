import type { KindSource } from './kinds.ts';

/** Kinds of add-ons and of what controls the API itself; where two groups have the same kind, or its name says little, it is another here. */
export const platformKinds: readonly (readonly [string, KindSource])[] = [
  ['GatewayClass', { resource: 'gatewayclasses.gateway.networking.k8s.io' }],
  ['Gateway', { resource: 'gateways.gateway.networking.k8s.io' }],
  ['HTTPRoute', { resource: 'httproutes.gateway.networking.k8s.io' }],
  ['GRPCRoute', { resource: 'grpcroutes.gateway.networking.k8s.io' }],
  ['TLSRoute', { resource: 'tlsroutes.gateway.networking.k8s.io' }],
  ['TCPRoute', { resource: 'tcproutes.gateway.networking.k8s.io' }],
  ['UDPRoute', { resource: 'udproutes.gateway.networking.k8s.io' }],
  ['ReferenceGrant', { resource: 'referencegrants.gateway.networking.k8s.io' }],
  ['CiliumNetworkPolicy', { resource: 'ciliumnetworkpolicies.cilium.io', metadataOnly: true }],
  ['CiliumClusterwideNetworkPolicy', { resource: 'ciliumclusterwidenetworkpolicies.cilium.io', metadataOnly: true }],
  ['CalicoNetworkPolicy', { resource: 'networkpolicies.crd.projectcalico.org', metadataOnly: true }],
  ['CalicoGlobalNetworkPolicy', { resource: 'globalnetworkpolicies.crd.projectcalico.org', metadataOnly: true }],
  ['AdminNetworkPolicy', { resource: 'adminnetworkpolicies.policy.networking.k8s.io', metadataOnly: true }],
  ['BaselineAdminNetworkPolicy', { resource: 'baselineadminnetworkpolicies.policy.networking.k8s.io', metadataOnly: true }],
  ['ValidatingWebhookConfiguration', { resource: 'validatingwebhookconfigurations.admissionregistration.k8s.io' }],
  ['MutatingWebhookConfiguration', { resource: 'mutatingwebhookconfigurations.admissionregistration.k8s.io' }],
  ['APIService', { resource: 'apiservices.apiregistration.k8s.io' }],
  ['CustomResourceDefinition', { resource: 'customresourcedefinitions.apiextensions.k8s.io' }],
  ['Role', { resource: 'roles.rbac.authorization.k8s.io' }],
  ['ClusterRole', { resource: 'clusterroles.rbac.authorization.k8s.io' }],
  ['RoleBinding', { resource: 'rolebindings.rbac.authorization.k8s.io' }],
  ['ClusterRoleBinding', { resource: 'clusterrolebindings.rbac.authorization.k8s.io' }],
  ['PodSecurityPolicy', { resource: 'podsecuritypolicies.policy', metadataOnly: true }],
  [
    'Application',
    {
      resource: 'applications.argoproj.io',
      only: [
        'spec.syncPolicy',
        'spec.destination',
        'status.conditions',
        'status.health',
        'status.sync.status',
        'status.operationState.phase',
        'status.operationState.message',
        'status.operationState.startedAt',
        'status.operationState.finishedAt',
        'status.operationState.syncResult.resources',
        'status.resources',
      ],
    },
  ],
  ['ApplicationSet', { resource: 'applicationsets.argoproj.io', only: ['status.conditions'] }],
  ['Rollout', { resource: 'rollouts.argoproj.io', only: ['spec.replicas', 'spec.selector', 'spec.template.metadata', 'status'] }],
  [
    'GitRepository',
    { resource: 'gitrepositories.source.toolkit.fluxcd.io', only: ['spec.suspend', 'spec.sourceRef', 'status.conditions'] },
  ],
  [
    'OCIRepository',
    { resource: 'ocirepositories.source.toolkit.fluxcd.io', only: ['spec.suspend', 'spec.sourceRef', 'status.conditions'] },
  ],
  [
    'HelmRepository',
    { resource: 'helmrepositories.source.toolkit.fluxcd.io', only: ['spec.suspend', 'spec.sourceRef', 'status.conditions'] },
  ],
  ['FluxBucket', { resource: 'buckets.source.toolkit.fluxcd.io', only: ['spec.suspend', 'spec.sourceRef', 'status.conditions'] }],
  ['FluxHelmChart', { resource: 'helmcharts.source.toolkit.fluxcd.io', only: ['spec.suspend', 'spec.sourceRef', 'status.conditions'] }],
  [
    'FluxKustomization',
    {
      resource: 'kustomizations.kustomize.toolkit.fluxcd.io',
      only: ['spec.kubeConfig', 'spec.suspend', 'spec.sourceRef', 'spec.dependsOn', 'status.conditions'],
    },
  ],
  [
    'FluxHelmRelease',
    {
      resource: 'helmreleases.helm.toolkit.fluxcd.io',
      only: [
        'spec.kubeConfig',
        'spec.suspend',
        'spec.chart.spec.sourceRef',
        'spec.chartRef',
        'spec.dependsOn',
        'status.conditions',
        'status.helmChart',
      ],
    },
  ],
  [
    'ImageRepository',
    {
      resource: 'imagerepositories.image.toolkit.fluxcd.io',
      only: ['spec.suspend', 'spec.sourceRef', 'spec.imageRepositoryRef', 'status.conditions'],
    },
  ],
  [
    'ImagePolicy',
    {
      resource: 'imagepolicies.image.toolkit.fluxcd.io',
      only: ['spec.suspend', 'spec.sourceRef', 'spec.imageRepositoryRef', 'status.conditions'],
    },
  ],
  [
    'ImageUpdateAutomation',
    {
      resource: 'imageupdateautomations.image.toolkit.fluxcd.io',
      only: ['spec.suspend', 'spec.sourceRef', 'spec.imageRepositoryRef', 'status.conditions'],
    },
  ],
  ['Certificate', { resource: 'certificates.cert-manager.io' }],
  ['CertificateRequest', { resource: 'certificaterequests.cert-manager.io', only: ['status.conditions'] }],
  ['Issuer', { resource: 'issuers.cert-manager.io', only: ['status.conditions'] }],
  ['ClusterIssuer', { resource: 'clusterissuers.cert-manager.io', only: ['status.conditions'] }],
  ['AcmeOrder', { resource: 'orders.acme.cert-manager.io', only: ['status.state', 'status.reason'] }],
  ['AcmeChallenge', { resource: 'challenges.acme.cert-manager.io', only: ['spec.type', 'spec.dnsName', 'status'] }],
  [
    'ClusterServiceVersion',
    {
      resource: 'clusterserviceversions.operators.coreos.com',
      only: ['status.phase', 'status.reason', 'status.message', 'status.lastTransitionTime'],
    },
  ],
  [
    'OlmSubscription',
    {
      resource: 'subscriptions.operators.coreos.com',
      only: ['spec.name', 'spec.source', 'spec.sourceNamespace', 'status.conditions', 'status.installPlanRef'],
    },
  ],
  ['InstallPlan', { resource: 'installplans.operators.coreos.com', only: ['status.conditions'] }],
  ['CatalogSource', { resource: 'catalogsources.operators.coreos.com' }],
  ['ClusterOperator', { resource: 'clusteroperators.config.openshift.io', only: ['status.conditions'] }],
  ['ScaledObject', { resource: 'scaledobjects.keda.sh' }],
  ['ScaledJob', { resource: 'scaledjobs.keda.sh' }],
  ['KyvernoPolicy', { resource: 'policies.kyverno.io', only: ['status.conditions'] }],
  ['KyvernoClusterPolicy', { resource: 'clusterpolicies.kyverno.io', only: ['status.conditions'] }],
  ['KyvernoUpdateRequest', { resource: 'updaterequests.kyverno.io', only: ['spec.policy', 'status.state', 'status.message'] }],
];
