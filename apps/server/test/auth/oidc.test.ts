import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { oidcVerifier, type OidcOptions, type Verifier } from '../../src/index.ts';

const issuer = 'https://id.example/realms/main';
const audience = 'kubelet-wuhrai';
const now = Date.UTC(2026, 5, 1);
const seconds = now / 1000;

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Keys;
let others: Keys;

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  others = await generateKeyPair('RS256', { extractable: true });
});

interface Provider {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: string[];
  down: boolean;
  document: Readonly<Record<string, unknown>>;
}

function provider(): Provider {
  const self: Provider = {
    asked: [],
    down: false,
    document: { issuer, jwks_uri: `${issuer}/keys` },
    fetch: async (input) => {
      const url = input instanceof Request ? input.url : String(input);
      self.asked.push(url);
      if (self.down) throw new TypeError('fetch failed');
      if (url.endsWith('/keys'))
        return Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] });
      return Response.json(self.document);
    },
  };
  return self;
}

function verifier(options: Partial<OidcOptions> = {}, from: Provider = provider()): Verifier {
  const claims = { usernameClaim: 'sub', usernamePrefix: '', groupsClaim: 'groups', groupsPrefix: '' };
  return oidcVerifier({ issuer, audience, ...claims, fetch: from.fetch, now: () => now, ...options });
}

interface Claims extends Readonly<Record<string, unknown>> {}

function sign(
  claims: Claims = {},
  { key = keys.privateKey, alg = 'RS256' }: { readonly key?: CryptoKey | Uint8Array; readonly alg?: string } = {},
): Promise<string> {
  const all = { iss: issuer, aud: audience, sub: 'alice', exp: seconds + 600, ...claims };
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg, kid: 'k1' })
    .sign(key);
}

describe('a token of the identity provider', () => {
  it('shows who it is: issuer, subject, name and groups', async () => {
    const verify = verifier({ usernameClaim: 'preferred_username', usernamePrefix: 'oidc:', groupsPrefix: 'oidc:' });
    expect(await verify(await sign({ preferred_username: 'ada', groups: ['sre', 'dev'] }))).toEqual({
      caller: {
        principal: { issuer, subject: 'alice', name: 'oidc:ada', groups: ['oidc:sre', 'oidc:dev'] },
        scopes: ['read', 'chat', 'approve'],
      },
      expiresAt: now + 600_000,
    });
  });

  it('may do what its user and its groups may; whoever fits no rule may nothing', async () => {
    const verify = verifier({
      access: [
        { user: 'alice', scopes: ['read'] },
        { group: 'sre', scopes: ['approve', 'read'] },
      ],
    });
    expect((await verify(await sign({ groups: ['sre'] })))?.caller.scopes).toEqual(['read', 'approve']);
    expect((await verify(await sign({ sub: 'bob', groups: 'sre' })))?.caller.scopes).toEqual(['approve', 'read']);
    expect((await verify(await sign({ sub: 'bob' })))?.caller.scopes).toEqual([]);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'grafana' }],
    ['an audience that is missing', { aud: undefined }],
    ['an end in the past', { exp: seconds - 60 }],
    ['no end', { exp: undefined }],
    ['a beginning in the future', { nbf: seconds + 120 }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a name of the system', { sub: 'system:admin' }],
    ['a name of the system in other letters', { sub: ' System:masters' }],
  ])('with %s is none', async (_, claims) => {
    expect(await verifier()(await sign(claims))).toBeUndefined();
  });

  it('is taken half a minute late, for clocks that differ', async () => {
    expect(await verifier()(await sign({ exp: seconds - 20 }))).toBeDefined();
  });

  it('leaves groups of the system behind', async () => {
    expect((await verifier()(await sign({ groups: ['system:masters', 'dev'] })))?.caller.principal.groups).toEqual(['dev']);
  });

  it('with an address that is not verified is none', async () => {
    const verify = verifier({ usernameClaim: 'email' });
    expect(await verify(await sign({ email: 'a@example.org', email_verified: false }))).toBeUndefined();
    expect((await verify(await sign({ email: 'a@example.org', email_verified: true })))?.caller.principal.name).toBe('a@example.org');
    expect(await verify(await sign({}))).toBeUndefined();
    expect(await verify(await sign({ email: 'a@example.org', sub: '' }))).toBeUndefined();
  });

  it('that somebody else signed, or nobody, or with the public key as a secret, is none', async () => {
    const verify = verifier();
    expect(await verify(await sign({}, { key: others.privateKey }))).toBeUndefined();
    expect(
      await verify(
        new UnsecuredJWT({ sub: 'alice' })
          .setIssuer(issuer)
          .setAudience(audience)
          .setExpirationTime(seconds + 60)
          .encode(),
      ),
    ).toBeUndefined();
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
    expect(await verify(await sign({}, { key: secret, alg: 'HS256' }))).toBeUndefined();
    const [head, body, signature] = (await sign()).split('.');
    const forged = Buffer.from(JSON.stringify({ iss: issuer, aud: audience, sub: 'root', exp: seconds + 600 })).toString('base64url');
    expect(body).not.toBe(forged);
    for (const token of [`${head}.${forged}.${signature}`, `${head}.${body}.`, 'a.b.c', '..', 'plain', `${head}.${body}`])
      expect(await verify(token)).toBeUndefined();
  });
});

describe('the identity provider', () => {
  it('is asked once for its keys', async () => {
    const from = provider();
    const verify = verifier({}, from);
    for (let count = 0; count < 5; count += 1) expect(await verify(await sign())).toBeDefined();
    expect(from.asked).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/keys`]);
  });

  it('that does not answer is no wrong token, and is not asked at each request', async () => {
    const from = provider();
    from.down = true;
    let time = now;
    const verify = verifier({ now: () => time }, from);
    const token = await sign();
    for (let count = 0; count < 3; count += 1) await expect(verify(token)).rejects.toMatchObject({ code: 'auth-unavailable' });
    expect(from.asked).toHaveLength(1);
    from.down = false;
    time += 5_001;
    expect(await verify(token)).toBeDefined();
  });

  it.each([
    ['of another issuer', { issuer: 'https://evil.example', jwks_uri: `${issuer}/keys` }],
    ['without keys', { issuer }],
    ['with keys over plain http elsewhere', { issuer, jwks_uri: 'http://evil.example/keys' }],
  ])('with a document %s is refused', async (_, document) => {
    const from = provider();
    from.document = document;
    await expect(verifier({}, from)(await sign())).rejects.toMatchObject({ code: 'auth-unavailable' });
  });
});
