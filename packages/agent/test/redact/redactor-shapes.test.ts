import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { inPieces } from './support.ts';

const redactor = createRedactor();
/** Random-looking, so that no scanner takes the tests for leaks. */
const filler = (length: number): string => Array.from({ length }, (_, index) => 'aB3dE5fG7hJ9kL1mN0pQ'[(index * 7) % 20]).join('');
const upper = (length: number): string => filler(length).toUpperCase();
const jwt = `${btoa('{"alg":"RS256"}').replaceAll('=', '')}.${btoa('{"sub":"system:serviceaccount:shop:web"}').replaceAll('=', '')}.${filler(40)}`;

const tokens: readonly (readonly [string, string])[] = [
  ['an AWS key id', `AKIA${upper(16)}`],
  ['a Google key', `AIza${filler(35)}`],
  ['a Google access token', `ya29.${filler(40)}`],
  ['a GitHub token', `ghp_${filler(36)}`],
  ['a fine-grained GitHub token', `github_pat_${filler(40)}`],
  ['a GitLab token', `glpat-${filler(20)}`],
  ['a Slack token', `xoxb-${filler(30)}`],
  ['an OpenAI key', `sk-${filler(40)}`],
  ['a project key', `sk-proj-${filler(40)}`],
  ['a Groq key', `gsk_${filler(40)}`],
  ['a Hugging Face token', `hf_${filler(34)}`],
  ['a Stripe key', `sk_live_${filler(24)}`],
  ['an npm token', `npm_${filler(36)}`],
  ['a JSON Web Token', jwt],
  ['a private key in base64', btoa('-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----')],
];

describe('tokens by their shape', () => {
  it.each(tokens)('%s goes, what stands around it stays', (_name, token) => {
    const out = redactor.text(`see ${token}, then "${token}" and 令牌${token}。`);
    expect(out).toMatch(/^see \[redacted:[a-z-]+\], then "\[redacted:[a-z-]+\]" and 令牌\[redacted:[a-z-]+\]。$/);
    expect(inPieces(redactor, `see ${token}.`, () => 1)).toBe(redactor.text(`see ${token}.`));
  });
});

describe('pairs', () => {
  it.each([
    ['password=hunter2, next', 'password=[redacted:password], next'],
    ['db.password: hunter2\nnext: 1', 'db.password: [redacted:password]\nnext: 1'],
    ['DB_PASSWORD="two words" x', 'DB_PASSWORD="[redacted:password]" x'],
    ["--password 'a b' --user c", "--password '[redacted:password]' --user c"],
    ['mysql --password=abc -u root', 'mysql --password=[redacted:password] -u root'],
    ['{\\"token\\":\\"abcd1234\\",\\"user\\":\\"x\\"}', '{\\"token\\":\\"[redacted:token]\\",\\"user\\":\\"x\\"}'],
    ['aws_secret_access_key = abcd/efgh+1234', 'aws_secret_access_key = [redacted:key]'],
    ['?access_token=abcd1234&page=2', '?access_token=[redacted:token]&page=2'],
    ['clientSecret: my-own-words', 'clientSecret: [redacted:secret]'],
    ['AccountKey=abcd1234==;EndpointSuffix=core', 'AccountKey=[redacted:key];EndpointSuffix=core'],
    ['args:\n- --password\n- hunter2\n- -v', 'args:\n- --password\n- [redacted:password]\n- -v'],
    ['密码：hunter2 用户：admin', '密码：[redacted:password] 用户：admin'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted:credential]'],
    ['curl -H "Authorization: Bearer abc.def" x', 'curl -H "Authorization: Bearer [redacted:credential]" x'],
    [
      'kubectl create secret generic db --from-literal=user=bob --from-literal="a=b c" -n shop',
      'kubectl create secret generic db --from-literal=user=[redacted:secret-data] --from-literal="a=[redacted:secret-data]" -n shop',
    ],
    ['curl -sk -u admin:hunter2 https://x/', 'curl -sk -u admin:[redacted:password] https://x/'],
    ['docker run -u 1000:1000 x', 'docker run -u 1000:1000 x'],
    ['{kind: Secret, stringData: {user: bob, a: c}}', '{kind: Secret, stringData: {[redacted:secret-data]}}'],
    ['"kind": "Secret"\n"stringData":\n  "user": "bob"\n', '"kind": "Secret"\n"stringData":\n  "user": [redacted:secret-data]\n'],
    [
      '{"auths":{"r.io":{"username":"u","auth":"dXNlcjpwYXNzd29yZA=="}}}',
      '{"auths":{"r.io":{"username":"u","auth":"[redacted:registry-auth]"}}}',
    ],
    ['Data\n====\npassword:\n----\nhunter2\nmode:\n----\nfast\n', 'Data\n====\npassword:\n----\n[redacted:password]\nmode:\n----\nfast\n'],
    ['kubectl create cm db --from-literal=user=bob', 'kubectl create cm db --from-literal=user=bob'],
    [
      'https://ghp_0123456789abcdefghij0123456789abcdef:x-oauth-basic@github.com/a/b',
      'https://[redacted:token]:[redacted:password]@github.com/a/b',
    ],
    ['use bearer abcdefgh12345678 here', 'use bearer [redacted:token] here'],
    ['postgres://shop:p%40ss@db:5432/shop', 'postgres://shop:[redacted:password]@db:5432/shop'],
    ['redis://:hunter2@cache:6379', 'redis://:[redacted:password]@cache:6379'],
  ])('%s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected);
    expect(inPieces(redactor, text, () => 1)).toBe(expected);
  });
});

describe('a private key', () => {
  const body = Array.from({ length: 5 }, () => filler(64)).join('\n');
  const pem = `-----BEGIN RSA PRIVATE KEY-----\n${body}\nab==\n-----END RSA PRIVATE KEY-----\n`;

  it('is one mark, in plain text and in a JSON string', () => {
    expect(redactor.text(`a\n${pem}b`)).toBe('a\n[redacted:private-key]\nb');
    expect(redactor.text(JSON.stringify({ file: pem }))).toBe('{"file":"[redacted:private-key]\\n"}');
  });

  it('is replaced at its first line, before its end is known', () => {
    const stream = redactor.stream();
    expect(stream.write('a\n-----BEGIN PRIVATE KEY-----\n')).toBe('a\n[redacted:private-key]');
    expect(stream.write(body)).toBe('');
    expect(stream.end()).toBe('');
  });

  it('goes also where each line has a prefix, or the end is missing', () => {
    const prefixed = pem.replace(/^/gm, '2026-01-02T03:04:05Z ');
    expect(redactor.text(prefixed)).not.toMatch(/aB3|ab==/);
    expect(redactor.text(pem.slice(0, 200))).toBe('[redacted:private-key]');
  });

  it('in words only takes nothing else away', () => {
    expect(redactor.text('look for -----BEGIN PRIVATE KEY----- in the file, then go on.')).toBe(
      'look for [redacted:private-key] in the file, then go on.',
    );
    expect(redactor.text('-----BEGIN CERTIFICATE-----\nMIIB\n')).toBe('-----BEGIN CERTIFICATE-----\nMIIB\n');
  });
});

describe('streaming', () => {
  it('lets ordinary words out at once, but for the last one', () => {
    const stream = redactor.stream();
    expect(stream.write('The pod is restarting because ')).toBe('The pod is restarting because ');
    expect(stream.write('its probe fai')).toBe('its probe ');
    expect(stream.write('ls.\n')).toBe('fails.\n');
  });

  it('lets Chinese out character by character', () => {
    const stream = redactor.stream();
    for (const char of '这个节点的内存不足，所以容器被终止了。') expect(stream.write(char)).toBe(char);
  });

  it('holds a bounded part back, whatever comes', () => {
    for (const unit of [
      'a',
      '"',
      '\\',
      '{"data":{"k":"v',
      'password=',
      '-',
      'eyJ',
      '[redacted:',
      'data:\n  a: ',
      '  - ',
      'kind: Secret\ndata:\n  a: b\n',
      '\u4e2d',
    ]) {
      const stream = createRedactor({ secrets: ['a-secret-of-the-process'] }).stream();
      let given = 0;
      let taken = 0;
      for (let round = 0; round < 12; round += 1) {
        const chunk = unit.repeat(Math.ceil(100_000 / unit.length));
        given += chunk.length;
        taken += stream.write(chunk).length;
      }
      const rest = stream.end().length;
      expect({ unit, bounded: rest < 700_000, alive: given > 0 && taken + rest > 0 }).toEqual({ unit, bounded: true, alive: true });
    }
  });
});

describe('secret output', () => {
  const secret = redactor.secretMode();

  it('is one mark, whatever it is, and keeps its last line feed', () => {
    expect(secret.text('hunter2')).toBe('[redacted:secret-output]');
    expect(secret.text('a\nb\n')).toBe('[redacted:secret-output]\n');
    expect(secret.text('')).toBe('');
    expect(inPieces(secret, 'a\nb\n', () => 1)).toBe('[redacted:secret-output]\n');
    expect(secret.text(secret.text('x\n'))).toBe('[redacted:secret-output]\n');
  });

  it('is shown where all is revealed', () => {
    expect(createRedactor({ reveal: true }).secretMode().text('hunter2')).toBe('hunter2');
  });
});
