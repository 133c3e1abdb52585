/** An API server as a kubeconfig file names it. Paths are absolute, `*Data` is decoded. */
export interface KubeconfigCluster {
  readonly name: string;
  /** The file it stands in. */
  readonly source: string;
  readonly server?: string;
  readonly certificateAuthority?: string;
  readonly certificateAuthorityData?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** The extension `client.authentication.k8s.io/exec`, handed to exec plugins that ask for the cluster. */
  readonly execConfig?: unknown;
}

/** Whom the API server is asked to take the caller for. */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  /** Keys are lower case. */
  readonly extra?: ReadonlyMap<string, readonly string[]>;
}

/** An exec credential plugin. */
export interface ExecPlugin {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  /** A bare name (found on PATH) or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint?: string;
}

/** A user as a kubeconfig file names it. Paths are absolute, `*Data` is decoded. */
export interface KubeconfigUser {
  readonly name: string;
  readonly source: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly clientCertificate?: string;
  readonly clientCertificateData?: string;
  readonly clientKey?: string;
  readonly clientKeyData?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
  /** The name of a legacy auth provider; it is refused when this user is chosen. */
  readonly authProvider?: string;
  readonly impersonate?: Impersonation;
}

/** A context: a cluster, a user and a namespace by their names. */
export interface KubeconfigContext {
  readonly name: string;
  readonly source: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

/** One or more kubeconfig files, merged. */
export interface Kubeconfig {
  /** The files that were read, first wins. */
  readonly files: readonly string[];
  /** The files of KUBECONFIG that do not exist. */
  readonly missing: readonly string[];
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
}
