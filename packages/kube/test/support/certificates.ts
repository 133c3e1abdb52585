import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its key, both PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority made for one test. */
export interface TestAuthority {
  readonly cert: string;
  issue(options: {
    readonly name: string;
    readonly organization?: string;
    readonly hosts?: readonly string[];
    readonly expired?: boolean;
  }): TestCertificate;
}

/** Makes a certificate authority (ECDSA P-256) whose certificates are valid for years. */
export function createAuthority(name = 'test-authority'): TestAuthority {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = (subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[], expired = false): string => {
    const validity = sequence(time(expired ? 2001 : 2020), time(expired ? 2002 : 2049));
    const serial = tag(0x02, Buffer.from([1 + Math.floor(Math.random() * 120), 1]));
    const body = sequence(
      tag(0xa0, tag(0x02, Buffer.from([2]))),
      serial,
      ecdsaWithSha256,
      distinguishedName(name),
      validity,
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      tag(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, authority.privateKey);
    return pem(sequence(body, ecdsaWithSha256, bits(signature)));
  };
  const isAuthority = extension('2.5.29.19', sequence(tag(0x01, Buffer.from([0xff]))), true);
  return {
    cert: certificate(distinguishedName(name), authority.publicKey, [isAuthority]),
    issue: ({ name: commonName, organization, hosts = [], expired }) => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = hosts.map((host) =>
        isIPv4(host) ? tag(0x87, Buffer.from(host.split('.').map(Number))) : tag(0x82, Buffer.from(host, 'latin1')),
      );
      const extensions = [
        extension('2.5.29.19', sequence(), true),
        ...(names.length > 0 ? [extension('2.5.29.17', sequence(...names), false)] : []),
      ];
      return {
        cert: certificate(distinguishedName(commonName, organization), pair.publicKey, extensions, expired),
        key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

function tag(type: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tag(0x30, ...parts);
}

function bits(content: Buffer): Buffer {
  return tag(0x03, Buffer.from([0]), content);
}

function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((value) => {
    const groups = [value & 127];
    for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    return groups;
  });
  return tag(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function attribute(type: string, value: string): Buffer {
  return tag(0x31, sequence(identifier(type), tag(0x0c, Buffer.from(value, 'utf8'))));
}

function distinguishedName(commonName: string, organization?: string): Buffer {
  return sequence(...(organization === undefined ? [] : [attribute('2.5.4.10', organization)]), attribute('2.5.4.3', commonName));
}

function extension(type: string, content: Buffer, critical: boolean): Buffer {
  return sequence(identifier(type), ...(critical ? [tag(0x01, Buffer.from([0xff]))] : []), tag(0x04, content));
}

function time(year: number): Buffer {
  return tag(0x17, Buffer.from(`${String(year % 100).padStart(2, '0')}0101000000Z`, 'latin1'));
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
