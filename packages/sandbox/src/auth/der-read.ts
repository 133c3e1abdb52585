/** A DER value: its tag, its contents, and all of its bytes. */
export interface DerValue {
  readonly tag: number;
  readonly contents: Buffer;
  readonly whole: Buffer;
}

/** The values in a row of DER; throws where the bytes are none. */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  let position = 0;
  while (position < bytes.length) {
    const start = position;
    const tag = bytes[position++] ?? 0;
    let length = bytes[position++] ?? 0;
    if (length >= 128) {
      const count = length - 128;
      length = count === 0 || count > 4 ? Number.NaN : bytes.readUIntBE(position, count);
      position += count;
    }
    if (!(position + length <= bytes.length)) throw new Error('a DER value is longer than what holds it');
    values.push({ tag, contents: bytes.subarray(position, position + length), whole: bytes.subarray(start, position + length) });
    position += length;
  }
  return values;
}

/** The bytes in a PEM text. */
export function fromPem(text: string): Buffer {
  return Buffer.from(text.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64');
}

const oids = new Map([
  ['550403', 'commonName'],
  ['55040a', 'organization'],
]);

/** What a certificate request (PKCS #10, PEM) says: subject and public key. Throws where it is none. */
export function readCertificateRequest(pem: string): {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly publicKey: Buffer;
} {
  const [outer] = readDer(fromPem(pem));
  const [info] = readDer(outer?.contents ?? Buffer.alloc(0));
  const [, subject, publicKey] = readDer(info?.contents ?? Buffer.alloc(0));
  if (!subject || !publicKey) throw new Error('a certificate request has no subject or no key');
  const organizations: string[] = [];
  let commonName = '';
  for (const relative of readDer(subject.contents)) {
    const [attribute] = readDer(relative.contents);
    const [type, value] = readDer(attribute?.contents ?? Buffer.alloc(0));
    const name = oids.get(type?.contents.toString('hex') ?? '');
    if (name === 'commonName') commonName = value?.contents.toString() ?? '';
    if (name === 'organization') organizations.push(value?.contents.toString() ?? '');
  }
  return { commonName, organizations, publicKey: publicKey.whole };
}
