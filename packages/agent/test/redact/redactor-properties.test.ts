import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { inPieces, randomFrom } from './support.ts';

const canary = 'cAnary-S3cret/Value+123&"q';
const redactor = createRedactor({ secrets: [canary, 'tiny'] });
const secret = {
  apiVersion: 'v1',
  data: { user: 'YWRtaW4=', 'tls.key': 'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVk' },
  kind: 'Secret',
  metadata: {
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({ apiVersion: 'v1', data: { user: 'YWRtaW4=' }, kind: 'Secret' })}\n`,
    },
  },
};
/** Pieces of documents, secrets and breaks: put together at random they make every kind of half-broken text. */
const pieces: readonly string[] = [
  'apiVersion: v1\n',
  'kind: Secret\n',
  'kind: ConfigMap\n',
  'data:\n',
  '  password: aHVudGVyMg==\n',
  '  user: YWRtaW4=\n',
  'stringData:\n',
  '  key: |\n    line one\n    line two\n\n',
  '---\n',
  '# comment password: x\n',
  '  # c\n',
  'items:\n',
  '- apiVersion: v1\n',
  '  kind: Secret\n',
  '  data:\n',
  '    a: Yg==\n',
  '- name: DB_PASSWORD\n',
  '  value: hunter2\n',
  '- value: foo\n',
  '  name: API_TOKEN\n',
  JSON.stringify(secret),
  JSON.stringify(secret, null, 2),
  JSON.stringify({ items: [secret, { ...secret, kind: 'ConfigMap' }] }),
  JSON.stringify(JSON.stringify(secret)),
  '{"data":{"x":"YWRtaW4="',
  '"kind":"Secret"',
  '{',
  '}',
  '"',
  '\\"',
  '\\',
  '\\n',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\n',
  '\r\n',
  '\t',
  'password',
  '=',
  ': ',
  'token',
  '--token ',
  'Bearer ',
  'abcdefgh12345678',
  'ghp_0123456789abcdefghij01234',
  'sk-abcdef0123456789abcd',
  'AKIAABCDEFGHIJKLMNOP',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghij',
  'https://user:pa55@host/x',
  '://',
  'user:',
  '@',
  '-----BEGIN RSA PRIVATE KEY-----',
  '\nMIIEpAIBAAKCAQEA0123456789abcdefghijklmnop0123456789ABCDEFGHIJKLMN\n',
  'abcd==\n',
  '-----END RSA PRIVATE KEY-----\n',
  '的',
  '密码',
  '你好世界',
  canary,
  btoa(canary),
  btoa(`a${canary}`),
  btoa(`aa${canary}`),
  JSON.stringify(canary),
  encodeURIComponent(canary),
  'tiny',
  '[redacted:secret]',
  '[redacted:token]',
  '[redacted',
  '"name":"DB_PASSWORD","value":"x1"',
  '{"name":"DB_PASSWORD","value":"x1"}',
  '{"value":"x1","name":"API_TOKEN"}',
  '"password":"hunter2"',
  '{"password":"hun\\"ter2"}',
  '{\\"password\\":\\"hunter2\\"}',
  "'",
  'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ',
  'Authorization: Basic dXNlcjpwYXNzd29yZA==',
  'client-key-data: ',
  'x'.repeat(70),
  'The quick brown fox',
  'secret/foo',
  '  ',
  '- ',
  '--',
  '-',
  'DB_PASSWORD:  hunter2\n',
  '<set to the key',
  '"--password","foo1"',
  '- --password\n- foo2\n',
  '密码：',
  'auth',
  'key',
  '"d\\u0061ta":{',
  'stringData: {',
  'user: bob}',
  'password:\n----\n',
  '--from-literal=a=',
  'curl -u a:b ',
  '"auth":"dXNlcjpwYXNzd29yZA=="',
  '"kind": "Secret"\n',
  '"stringData":\n',
  'x: "kind: Secret\\nstringData:\\n  a: b\\n"',
];

function randomText(random: () => number): string {
  return Array.from({ length: 1 + Math.floor(random() * 14) }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join('');
}

describe('a redactor', () => {
  it('makes the same of a text however it is cut', () => {
    for (let round = 0; round < 1200; round += 1) {
      const random = randomFrom(round);
      const text = randomText(random);
      const whole = redactor.text(text);
      for (const next of [() => 1, () => Math.floor(random() * 12)])
        expect({ text, out: inPieces(redactor, text, next) }).toEqual({ text, out: whole });
    }
  });

  it('changes nothing in what it has redacted', () => {
    for (let round = 0; round < 3000; round += 1) {
      const once = redactor.text(randomText(randomFrom(7000 + round)));
      expect(redactor.text(once)).toBe(once);
      expect(redactor.touches(once)).toBe(false);
    }
  });

  it('lets no given secret through, whatever stands around it', () => {
    for (let round = 0; round < 3000; round += 1) {
      const out = redactor.text(randomText(randomFrom(20_000 + round)));
      for (const form of [canary, 'cAnary', 'S3cret', btoa(canary).slice(0, 20)]) expect(out).not.toContain(form);
    }
  });
});
