import { crypto } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import { readBoundedFile } from '../files.ts';
import { reasonOf } from '../text.ts';

const maxAuthorityBytes = 2 * 1024 * 1024;
const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

/** The authorities that a server's certificate must come from. */
export interface CertificateAuthority {
  readonly pem: string;
  /** SHA-256 over the certificates in their order, hex: independent of comments and line ends. */
  readonly hash: string;
}

/** Reads a CA bundle from a file or from text. Throws `kubeconfig-unreadable` or `kubeconfig-invalid`. */
export async function readCertificateAuthority(from: {
  readonly file?: string | undefined;
  readonly text?: string | undefined;
  readonly place: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<CertificateAuthority> {
  const { file, place, signal } = from;
  const text =
    from.text ??
    (await readBoundedFile(file ?? '', {
      what: `certificate authority of ${place}`,
      maxBytes: maxAuthorityBytes,
      code: 'kubeconfig-unreadable',
      signal,
    }));
  const certificates = text.match(certificate) ?? [];
  const refuse = (problem: string, cause?: unknown): KubeError =>
    new KubeError('kubeconfig-invalid', `The certificate authority of ${place} ${problem}`, { cause });
  if (certificates.length === 0) throw refuse('holds no PEM certificate.');
  const hash = crypto().createHash('sha256');
  try {
    for (const pem of certificates) hash.update(new (crypto().X509Certificate)(pem).raw);
  } catch (error) {
    throw refuse(`holds a broken certificate: ${reasonOf(error)}.`, error);
  }
  return { pem: `${certificates.join('\n')}\n`, hash: hash.digest('hex') };
}
