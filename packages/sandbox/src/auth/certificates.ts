import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bits, der, integer, oid, pem, sequence, set, time, utf8 } from './der.ts';

/** What a certificate is to say. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** IPv4 addresses. */
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
}

/** A certificate and its key, PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of this process. */
export interface Authority {
  readonly certificate: string;
  issue(request: CertificateRequest): IssuedCertificate;
  /** Signs the public key of a request of somebody else (SubjectPublicKeyInfo, DER); the certificate, PEM. */
  certify(request: CertificateRequest, publicKey: Uint8Array): string;
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const validMs = 30 * 24 * 3600 * 1000;

function nameOf({ commonName, organizations = [] }: CertificateRequest): Buffer {
  const attribute = (type: string, text: string): Buffer => set(sequence(oid(type), utf8(text)));
  return sequence(...organizations.map((organization) => attribute('2.5.4.10', organization)), attribute('2.5.4.3', commonName));
}

function extension(type: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(oid(type), ...(critical ? [der(0x01, [0xff])] : []), der(0x04, value));
}

function extensionsOf(request: CertificateRequest, authority: boolean): Buffer {
  const alternatives = [
    ...(request.addresses ?? []).map((address) => der(0x87, address.split('.').map(Number))),
    ...(request.names ?? []).map((name) => der(0x82, Buffer.from(name))),
  ];
  return der(
    0xa3,
    sequence(
      extension('2.5.29.19', true, authority ? sequence(der(0x01, [0xff])) : sequence()),
      // keyCertSign, cRLSign, digitalSignature; or digitalSignature alone.
      extension('2.5.29.15', true, authority ? bits(Buffer.from([0x86]), 1) : bits(Buffer.from([0x80]), 7)),
      ...(authority ? [] : [extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2')))]),
      ...(alternatives.length > 0 ? [extension('2.5.29.17', false, sequence(...alternatives))] : []),
    ),
  );
}

interface Signing {
  readonly issuer: CertificateRequest;
  readonly signer: KeyObject;
  readonly publicKey: Uint8Array;
  readonly authority: boolean;
}

function certificateOf(request: CertificateRequest, { issuer, signer, publicKey, authority }: Signing): string {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  // Certificates are checked by the machine's clock, whatever time the sandbox has.
  const now = Date.now();
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(now - 3600_000), time(now + validMs)),
    nameOf(request),
    publicKey,
    extensionsOf(request, authority),
  );
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer))));
}

/** A new authority; everything that it signs is valid for 30 days. */
export function createAuthority(commonName: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = { commonName };
  const own = pair.publicKey.export({ type: 'spki', format: 'der' });
  const certify = (request: CertificateRequest, publicKey: Uint8Array): string =>
    certificateOf(request, { issuer, signer: pair.privateKey, publicKey, authority: false });
  return {
    certificate: certificateOf(issuer, { issuer, signer: pair.privateKey, publicKey: own, authority: true }),
    certify,
    issue(request) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return {
        certificate: certify(request, publicKey.export({ type: 'spki', format: 'der' })),
        key: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      };
    },
  };
}
