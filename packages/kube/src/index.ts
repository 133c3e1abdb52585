export { createKubeTargets } from './target/source.ts';
export type { KubeTargets } from './target/source.ts';
export { freezeTarget, isOpenKubeTarget, openTarget, reopenTarget } from './target/open.ts';
export type { KubeOptions, OpenKubeTarget, TargetWish } from './target/open.ts';
export type { ActingUser, KubeTarget } from './target/kube-target.ts';
export type { ProcessEnvironment } from './target/environment.ts';

export { nodeHost } from './host.ts';
export type { KubeHost, ProcessIdentity } from './host.ts';
export type { Program, ProgramResult } from './credentials/run-program.ts';

export { KubeError, isKubeError } from './errors.ts';
export type { KubeErrorCode, KubeErrorDetails, KubeErrorOptions } from './errors.ts';

export { loadKubeconfig } from './kubeconfig/load.ts';
export type { KubeconfigWish } from './kubeconfig/load.ts';
export { parseKubeconfig } from './kubeconfig/parse.ts';
export { mergeKubeconfigs } from './kubeconfig/merge.ts';
export { inClusterContext, isInCluster } from './kubeconfig/in-cluster.ts';
export { resolveConnection } from './kubeconfig/resolve.ts';
export type { ContextWish } from './kubeconfig/resolve.ts';
export type { Connection, UserCredential } from './kubeconfig/connection.ts';
export type { CertificateAuthority } from './kubeconfig/certificate-authority.ts';
export type { ExecPlugin, Impersonation, Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig/types.ts';

export { createCredentialSource } from './credentials/source.ts';
export type { CredentialOptions } from './credentials/source.ts';
export type { ClientCertificate, Credential, CredentialSource } from './credentials/types.ts';

export { fetchTransport } from './transport/fetch-transport.ts';
export type { Fetch } from './transport/fetch-transport.ts';
export { nodeTransport } from './transport/node-transport.ts';
export type { KubeTransport, TransportFactory, TransportRequest, TransportResponse } from './transport/types.ts';

export { createKubeClient } from './client/client.ts';
export type { ClientParts } from './client/client.ts';
export { apiPath, findResource, toApiVersion } from './client/resource.ts';
export type { ApiResource, ApiResources, GroupVersionResource } from './client/resource.ts';
export { isKubeObject } from './client/object.ts';
export type { KubeObject, ObjectList, ObjectMetadata } from './client/object.ts';
export type { ListOptions } from './client/list.ts';
export type { WatchEvent, WatchOptions } from './client/watch.ts';
export type {
  ApplyOptions,
  CallOptions,
  ChangeOptions,
  ChangeResult,
  DeleteOptions,
  KubeAnswer,
  KubeClient,
  KubeRequest,
  KubeStream,
  KubeText,
  ObjectPatch,
  ObjectReference,
  QueryValue,
  ServerVersion,
} from './client/types.ts';
