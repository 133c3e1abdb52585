import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { inPieces } from './support.ts';

const redactor = createRedactor();
const user = 'YWRtaW4=';
const secret = { apiVersion: 'v1', data: { password: 'aHVudGVyMg==', user }, kind: 'Secret', metadata: { name: 'db' } };
const configMap = { apiVersion: 'v1', data: { user, mode: 'fast and loose' }, kind: 'ConfigMap', metadata: { name: 'db' } };

/** What is left of a text, read back from both ways of redaction. */
function redact(text: string): string {
  const whole = redactor.text(text);
  expect(inPieces(redactor, text, () => 3)).toBe(whole);
  return whole;
}

describe('Secrets in YAML', () => {
  it('lose their data, which stands before the kind, and keep its names', () => {
    const out = redact(
      `apiVersion: v1\ndata:\n  password: aHVudGVyMg==\n  user: ${user}\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\n`,
    );
    expect(out).toBe(
      'apiVersion: v1\ndata:\n  password: [redacted:secret-data]\n  user: [redacted:secret-data]\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\n',
    );
  });

  it('are found in lists, indented, between other documents', () => {
    const out = redact(
      `apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    user: ${user}\n  kind: ConfigMap\n- apiVersion: v1\n  data:\n    user: ${user}\n  kind: Secret\nkind: List\n---\nkind: Secret\nstringData:\n  plain: words of a user\n`,
    );
    expect(out.match(new RegExp(user, 'g'))).toHaveLength(1);
    expect(out).not.toContain('words');
  });

  it('lose block scalars, comments and flow data, too', () => {
    const out = redact(
      'kind: Secret\nstringData:\n  # old: hunter1\n  file: |\n    first=1\n\n    second=2\n  after: x\ndata: {a: Yg==, "b": "Yw=="}\nmetadata:\n  name: n\n',
    );
    expect(out).not.toMatch(/hunter1|first|second|Yg|Yw/);
    expect(out).toContain('  file: [redacted:secret-data]\n  after: [redacted:secret-data]\n');
    expect(out).toContain('metadata:\n  name: n\n');
  });

  it('lose what an annotation says of them', () => {
    const applied = `${JSON.stringify(secret)}\n`;
    expect(
      redact(`kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      ${applied}`),
    ).not.toContain(user);
    expect(redact(JSON.stringify({ kind: 'Pod', metadata: { annotations: { applied } } }))).not.toContain(user);
    expect(redact(JSON.stringify({ deep: JSON.stringify({ applied }) }))).not.toContain(user);
  });

  it('are known by their values where the kind is cut off', () => {
    expect(redact(`apiVersion: v1\ndata:\n  user: ${user}\n`)).not.toContain(user);
    expect(redact('data:\n  password: aHVudGVyMg==\n  userName: YWRtaW5pc3RyYXRvcg==\n')).not.toContain('YWRtaW5p');
  });

  it('inside a ConfigMap lose their data, the rest of it stays', () => {
    const out = redact(
      'apiVersion: v1\ndata:\n  manifest.yaml: |\n    apiVersion: v1\n    kind: Secret\n    stringData:\n      user: admin\n  mode: fast\nkind: ConfigMap\n',
    );
    expect(out).toContain('      user: [redacted:secret-data]\n  mode: fast\nkind: ConfigMap\n');
  });
});

describe('Secrets in a manifest inside a JSON string', () => {
  it.each([
    'kubectl apply -f - <<EOF\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  user: bob\n  file: |\n    bob and\n    bob\nEOF\nkubectl get pods',
    'apiVersion: v1\ndata:\n  user: Ym9iYm9iYm9i\nkind: Secret',
    'kind: "Secret"\nstringData:\n  user: "bob bob"',
    'env:\n- name: DB_PASSWORD\n  value: bob',
  ])('lose their data, and the JSON stays whole: %j', (input) => {
    const out = redact(JSON.stringify({ input, after: 'kind: Pod\nspec: x' }));
    expect(out).not.toMatch(/bob|Ym9i/);
    expect(JSON.parse(out)).toMatchObject({ after: 'kind: Pod\nspec: x' });
  });

  it('are left alone in a ConfigMap', () => {
    const text = JSON.stringify({ input: 'apiVersion: v1\ndata:\n  user: bob\nkind: ConfigMap\n' });
    expect(redact(text)).toBe(text);
  });
});

describe('Secrets in JSON', () => {
  it.each([0, 2, 4])('lose their data with an indent of %i, and stay JSON', (indent) => {
    const out = redact(JSON.stringify({ apiVersion: 'v1', items: [secret, configMap], kind: 'List' }, null, indent));
    const parsed: unknown = JSON.parse(out);
    expect(parsed).toMatchObject({ items: [{ data: { password: '[redacted:secret-data]', user: '[redacted:secret-data]' } }, configMap] });
  });

  it('are found behind escaped names', () => {
    expect(redact(`{"d\\u0061ta":{"user":"${user}"},"k\\u0069nd":"S\\u0065cret"}`)).not.toContain(user);
  });

  it('are found in a list of Secrets, whose items carry no kind', () => {
    expect(redact(`{"kind":"SecretList","items":[{"metadata":{"name":"a"},"data":{"user":"${user}"}}]}`)).not.toContain(user);
    expect(redact(`{"items":[{"data":{"user":"${user}"},"type":"Opaque"}]}`)).not.toContain(user);
  });

  it('are taken out of 5 MB on one line, and what stands behind stays', () => {
    const big = {
      apiVersion: 'v1',
      items: Array.from({ length: 5000 }, (_, index) => ({ ...secret, data: { user, value: btoa(`value ${index} `.repeat(60)) } })),
      kind: 'List',
    };
    const text = JSON.stringify(big);
    expect(text.length).toBeGreaterThan(4_500_000);
    const out = redactor.text(`${text} tail`);
    expect(out).not.toMatch(/YWRtaW4|dmFsdW/);
    expect(out.endsWith('"kind":"List"} tail')).toBe(true);
  });

  it('lose a single value of 3 MB, whose kind comes behind', () => {
    const out = redactor.text(`{"apiVersion":"v1","data":{"file":"${'QUJD'.repeat(750_000)}"},"kind":"Secret"}`);
    expect(out).toBe('{"apiVersion":"v1","data":{"file":"[redacted:secret-data]"},"kind":"Secret"}');
  });

  it('leave a ConfigMap of 1 MB as it is', () => {
    const text = JSON.stringify({ apiVersion: 'v1', data: { file: 'some words. '.repeat(90_000) }, kind: 'ConfigMap' });
    expect(redactor.text(text)).toBe(text);
  });
});

describe('environment variables', () => {
  it('that sound like secrets lose their values, whatever comes first', () => {
    expect(redact('env:\n- name: DB_PASSWORD\n  value: hunter2\n- value: abc1\n  name: API_TOKEN\n- name: MODE\n  value: fast\n')).toBe(
      'env:\n- name: DB_PASSWORD\n  value: [redacted:env]\n- value: [redacted:env]\n  name: API_TOKEN\n- name: MODE\n  value: fast\n',
    );
    expect(redact('[{"name":"DB_PASSWORD","value":"hunter2"},{"value":"abc1","name":"API_TOKEN"},{"name":"MODE","value":"fast"}]')).toBe(
      '[{"name":"DB_PASSWORD","value":"[redacted:env]"},{"value":"[redacted:env]","name":"API_TOKEN"},{"name":"MODE","value":"fast"}]',
    );
  });

  it('are found in what describe prints', () => {
    expect(redact('    Environment:\n      DB_PASSWORD:  two words\n      MODE:         fast\n')).toBe(
      '    Environment:\n      DB_PASSWORD:  [redacted:password]\n      MODE:         fast\n',
    );
  });
});

describe('a kubeconfig', () => {
  it('loses its credentials and keeps its addresses and certificates', () => {
    const out = redact(
      'apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t\n    server: https://10.0.0.1:6443\nusers:\n- name: a\n  user:\n    client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t\n    client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0t\n    token: abc.def\n    password: p w\n    auth-provider:\n      config:\n        access-token: ya\n        id-token: x.y\n        refresh-token: zz\n',
    );
    for (const gone of ['FQyBQ', 'abc.def', 'p w', ': ya\n', 'x.y', 'zz']) expect(out).not.toContain(gone);
    expect(out).toContain('server: https://10.0.0.1:6443');
    expect(out.match(/LS0tLS1CRUdJTiBDRVJU/g)).toHaveLength(2);
  });
});

describe('structures', () => {
  it('are redacted without being written as text', () => {
    expect(redactor.json({ items: [secret, configMap] })).toEqual({
      items: [{ ...secret, data: { password: '[redacted:secret-data]', user: '[redacted:secret-data]' } }, configMap],
    });
    expect(
      redactor.json({
        env: [{ name: 'DB_PASSWORD', value: 'x1' }],
        args: ['--password', 'x2', '--token=x345'],
        password: 12,
        tokens: 12,
        ok: true,
        none: null,
      }),
    ).toEqual({
      env: [{ name: 'DB_PASSWORD', value: '[redacted:env]' }],
      args: ['--password', '[redacted:password]', '--token=[redacted:token]'],
      password: '[redacted:password]',
      tokens: 12,
      ok: true,
      none: null,
    });
  });

  it('keep opaque data as it is', () => {
    const opaque = { vendor: { signature: 'Er0BCkYICBABGAIqQK3p/abc+def=='.repeat(20) }, fingerprint: 'a'.repeat(64), callId: 'call_1' };
    expect(redactor.json(opaque)).toEqual(opaque);
  });
});
