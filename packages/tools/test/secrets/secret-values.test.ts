import { describe, expect, it } from 'vitest';
import { secretValues } from '../../src/secrets/secret-values.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (data: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', annotations: { note: 'an annotation 12345678' } },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});

describe('values of Secrets', () => {
  it('are found in JSON, in lists and in YAML, decoded', () => {
    const one = secret({ password: 'correct horse 42\n' });
    expect(secretValues(JSON.stringify(one))).toEqual(['correct horse 42']);
    expect(
      secretValues(JSON.stringify({ kind: 'List', items: [{ kind: 'ConfigMap', data: { password: 'correct horse 43' } }, one] })),
    ).toEqual(['correct horse 42']);
    expect(
      secretValues(`kind: Secret\ndata:\n  token: ${base64('t0ken-of-mine')}\nstringData:\n  other: x9-plain-Y8-words\n---\nkind: Pod\n`),
    ).toEqual(['t0ken-of-mine', 'x9-plain-Y8-words']);
  });

  it('leave out what other outputs show rightly: names, hosts, ports, short and common words', () => {
    const ordinary = {
      username: 'checkout',
      host: 'db-1.shop.svc',
      url: 'http://db.shop.svc:5432/shop',
      port: '5432',
      password: 'password',
      mode: 'production',
      x: 'web-7d9f',
    };
    expect(secretValues(JSON.stringify(secret(ordinary)))).toEqual([]);
  });

  it('are found inside files and documents', () => {
    const docker = JSON.stringify({ auths: { 'registry.local': { username: 'ops', password: 'Pa55word-of-ops' } } });
    expect(secretValues(JSON.stringify(secret({ '.dockerconfigjson': docker })))).toEqual([docker, 'Pa55word-of-ops']);
    const file = 'db.host=db.shop.svc\ndb.password="s3cr3t of db"\n';
    expect(secretValues(JSON.stringify(secret({ 'app.properties': file })))).toContain('s3cr3t of db');
  });

  it('are their base64 where they are no text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 1, 2, 3, 4, 5, 6, 0xff, 0x80]).toString('base64');
    expect(secretValues(JSON.stringify({ kind: 'Secret', data: { key: bytes } }))).toEqual([bytes]);
  });

  it.each(['', 'null', '[]', '{"kind":"Secret"}', '{"kind":"Secret","data":3}', 'kind: Secret\n\t- {', 'NAME  TYPE\ns  Opaque\n'])(
    'are none in %j',
    (text) => {
      expect(secretValues(text)).toEqual([]);
    },
  );
});
