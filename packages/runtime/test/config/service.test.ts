import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';

const path = '/home/ann/.config/kubelet-wuhrai/config.yaml';

async function load(
  file: string,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const known = new Map(Object.entries({ ...files, [path]: file }));
  const readFile = async (name: string): Promise<{ text: string; mode: number } | undefined> => {
    const text = known.get(name);
    return text === undefined ? undefined : { text, mode: 0o600 };
  };
  return (await loadConfig({ env, home: '/home/ann', flags: {}, readFile })).config;
}

const refused = async (file: string, files?: Readonly<Record<string, string>>): Promise<string> =>
  load(file, files).then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('auth-tokens', () => {
  it('are names with a token or a file, scopes and groups; variables are expanded', async () => {
    const file = [
      'auth-tokens:',
      '  - { name: ann, token: "${ANN}", groups: [sre] }',
      '  - { name: ci, token-file: /run/ci, scopes: [read, chat] }',
    ].join('\n');
    const { service } = await load(file, { '/run/ci': 'ci-0123456789abcdef\n' }, { ANN: 'ann-0123456789abcdef' });
    expect(service.tokens).toEqual([
      { name: 'ann', token: 'ann-0123456789abcdef', scopes: ['read', 'chat', 'approve'], groups: ['sre'] },
      { name: 'ci', token: 'ci-0123456789abcdef', scopes: ['read', 'chat'], groups: [] },
    ]);
  });

  it.each([
    ['[{ token: abc }]', 'auth-tokens.0.name'],
    ['[{ name: ann }]', 'ann: give it either token or token-file'],
    ['[{ name: ann, token: x0123456789abcdef, token-file: /x }]', 'ann: give it either token or token-file'],
    ['[{ name: ann, token-file: /missing }]', 'token-file /missing can not be read'],
    ['[{ name: ann, token: short }]', 'at least 16 characters'],
    ['[{ name: ann, token: "0123456789 abcdefg" }]', 'made of letters'],
    ['[{ name: ann, token: x0123456789abcdef, scopes: [write] }]', 'scopes are read, chat, approve and admin'],
    ['[{ name: ann, token: x0123456789abcdef, scopes: [] }]', 'at least one scope'],
    ['[{ name: ann, token: x0123456789abcdef }, { name: ann, token: y0123456789abcdef }]', 'two tokens of this name'],
    ['[{ name: ann, token: x0123456789abcdef }, { name: bob, token: x0123456789abcdef }]', 'bob: it has the same token as ann'],
    ['[{ name: "system:admin", token: x0123456789abcdef }]', 'must not begin with "system:"'],
    ['[{ name: ann, token: x0123456789abcdef, groups: ["system:masters"] }]', 'must not begin with "system:"'],
    ['[{ name: ann, tokn: x0123456789abcdef }]', 'auth-tokens.0'],
    ['{ name: ann }', 'auth-tokens: a list is expected'],
  ])('%s is refused: %s', async (tokens, said) => {
    const message = await refused(`auth-tokens: ${tokens}\n`);
    expect(message).toContain(said);
    expect(message).toContain(`${path}:1`);
    expect(message).not.toContain('0123456789abcdef');
  });
});

describe('identities', () => {
  it.each([
    ['auth: none\ncluster-identity: impersonate', 'needs to know who asks'],
    ['cluster-identity: impersonate', 'give each person a name'],
    [
      'auth-token: x0123456789abcdef\nauth-tokens: [{ name: ann, token: y0123456789abcdef }]\ncluster-identity: impersonate',
      'leave auth-token out',
    ],
    ['cluster-identity: pass-through', 'set auth to oidc or kubernetes'],
    ['auth: kubernetes', 'would let every service account of the cluster act as this service'],
    ['auth: oidc', 'auth: oidc needs oidc-issuer'],
    ['auth: oidc\noidc-issuer: https://id.example', 'auth: oidc needs oidc-audience'],
    ['auth: oidc\noidc-issuer: http://id.example\noidc-audience: kw', 'is no https address'],
    ['auth: oidc\noidc-issuer: https://id.example?x=1\noidc-audience: kw', 'is no https address'],
    ['access: [{ scopes: [read] }]', 'names either a user or a group'],
    ['access: [{ user: a, group: b, scopes: [read] }]', 'names either a user or a group'],
    ['rules: [{ action: deny, approve-by: other-person }]', 'goes with action: ask only'],
  ])('%j is refused: %s', async (file, said) => {
    expect(await refused(file)).toContain(said);
  });

  it('that reach the cluster close loopback, too', async () => {
    const { service } = await load('auth: kubernetes\ncluster-identity: pass-through');
    expect(service).toMatchObject({ clusterIdentity: 'pass-through', loopbackAuth: true });
    expect((await load('')).service).toMatchObject({
      clusterIdentity: 'own',
      loopbackAuth: false,
      maxToolProcesses: 16,
      allowedModels: [],
    });
  });

  it('of a provider have their claims', async () => {
    const { service } = await load('auth: oidc\noidc-issuer: https://id.example/x\noidc-audience: kw\noidc-username-claim: email');
    expect(service.oidc).toEqual({
      issuer: 'https://id.example/x',
      audience: 'kw',
      usernameClaim: 'email',
      usernamePrefix: '',
      groupsClaim: 'groups',
      groupsPrefix: '',
    });
  });
});

it('retention is given in days, and the kill switch is in the state directory', async () => {
  const { service } = await load('retention: 30d\nstate-dir: /var/kw');
  expect(service).toMatchObject({ retentionSeconds: 30 * 86_400, killSwitch: '/var/kw/kill-switch' });
});
