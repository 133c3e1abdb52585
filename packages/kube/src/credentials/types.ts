/** A client certificate with its key, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What proves who the caller is, for one request. */
export interface Credential {
  /** The value of the Authorization header. */
  readonly authorization?: string;
  readonly certificate?: ClientCertificate;
}

/** Hands out credentials and renews them. */
export interface CredentialSource {
  /** The credential to use now; runs a plugin or reads files where needed. */
  current(signal?: AbortSignal): Promise<Credential>;
  /** A newer one than that which the server refused; undefined where there is none. */
  renew(refused: Credential, signal?: AbortSignal): Promise<Credential | undefined>;
  /** The secret values that were handed out or stand in the configuration. */
  secrets(): readonly string[];
  /** Ends a plugin that is still running. */
  close(): void;
}
