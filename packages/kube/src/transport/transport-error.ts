import { isKubeError, KubeError } from '../errors.ts';
import { quote, reasonOf, systemCodeOf } from '../text.ts';

/** What a broken way says beside the error. */
export interface TransportErrorContext {
  readonly server: string;
  readonly context: string;
  /** The connection was a kept one. */
  readonly staleSocket: boolean;
}

/** What Node's codes mean for somebody who wants to reach a cluster. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its name is not known to DNS'],
  ['EAI_AGAIN', 'DNS does not answer'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no way to that network'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ECONNRESET', 'it closed the connection'],
  ['EPIPE', 'it closed the connection'],
]);

/** Translates an error of Node's http, tls or zlib to ours. */
export function toTransportError(error: unknown, { server, context, staleSocket }: TransportErrorContext): KubeError {
  if (isKubeError(error)) return error;
  const code = systemCodeOf(error) ?? '';
  const where = `The API server ${quote(server, 200)} of context ${quote(context)}`;
  const options = { cause: error, details: { server, context, systemCode: code } };
  if (isTlsCode(code)) return new KubeError('tls', `${where} can't be trusted: ${tlsAdvice(code, reasonOf(error))}`, options);
  if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR')
    return new KubeError('bad-answer', `${where} sent an answer that can't be decompressed.`, options);
  if (code.startsWith('HPE_'))
    return new KubeError('bad-answer', `${where} does not speak HTTP (${code}). Is it https:// rather than http://?`, options);
  const isStale = staleSocket && (code === 'ECONNRESET' || code === 'EPIPE');
  const reason = reasons.get(code) ?? reasonOf(error);
  return new KubeError('unreachable', `${where} is not reachable: ${reason}${code === '' ? '' : ` (${code})`}.`, {
    ...options,
    details: { ...options.details, ...(isStale && { staleSocket: true }) },
  });
}

function isTlsCode(code: string): boolean {
  return (
    code === 'EPROTO' ||
    code.startsWith('ERR_TLS_') ||
    code.startsWith('ERR_SSL_') ||
    code.startsWith('CERT_') ||
    code.startsWith('UNABLE_TO_') ||
    code.includes('SELF_SIGNED') ||
    code.startsWith('ERR_OSSL_')
  );
}

function tlsAdvice(code: string, reason: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `its certificate is for another name (${reason}). Correct the server's address, or set tls-server-name.`;
  if (/wrong version number/i.test(reason)) return 'it does not speak TLS. Is it http:// rather than https://?';
  const [, alert] = /alert ([a-z ]+):/i.exec(reason) ?? [];
  if (alert !== undefined) return `it refused the handshake: ${alert}. Does it want a client certificate, or another one?`;
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate, or one above it, has expired.';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet: compare the clocks.';
  if (code.includes('SELF_SIGNED') || code.startsWith('UNABLE_TO_'))
    return `its certificate comes from an authority that the kubeconfig does not know (${code}). Correct certificate-authority-data.`;
  return `${reason} (${code}).`;
}
