import type { CertificateAuthority } from './certificate-authority.ts';
import type { ExecPlugin, Impersonation } from './types.ts';

/** How the caller proves who it is. Files are read when they are used, so that rotated ones are taken. */
export interface UserCredential {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly clientCertificate?: string;
  readonly clientCertificateData?: string;
  readonly clientKey?: string;
  readonly clientKeyData?: string;
  readonly username?: string;
  readonly password?: string;
  /** Its command is absolute. */
  readonly exec?: ExecPlugin;
}

/** One cluster and one caller, fully resolved: nothing in it is looked up again by name. */
export interface Connection {
  readonly context: string;
  /** The name for people and for comparing; `system:anonymous` where the context names no user. */
  readonly userName: string;
  readonly namespace?: string;
  /** The API server's URL, without a slash at its end. */
  readonly server: string;
  /** Undefined: the system's authorities. */
  readonly authority?: CertificateAuthority;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  readonly execConfig?: unknown;
  readonly user: UserCredential;
  readonly impersonate?: Impersonation;
}
