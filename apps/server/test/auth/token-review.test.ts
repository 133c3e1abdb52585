import { expect, it } from 'vitest';
import { type Review, tokenReviewVerifier } from '../../src/index.ts';

const alice: Review = { authenticated: true, user: 'alice', groups: ['dev', 'system:authenticated'], audiences: ['kw'] };

function scene(review: Partial<Review> | Error = {}): { readonly asked: string[]; readonly review: (token: string) => Promise<Review> } {
  const asked: string[] = [];
  return {
    asked,
    review: async (token) => {
      asked.push(token);
      if (review instanceof Error) throw review;
      return { ...alice, ...review };
    },
  };
}

it('a token that the cluster knows shows who it is, with its groups', async () => {
  expect(await tokenReviewVerifier({ review: scene().review })('t')).toEqual({
    caller: {
      principal: { issuer: 'kubernetes', subject: 'alice', name: 'alice', groups: ['dev', 'system:authenticated'] },
      scopes: ['read', 'chat', 'approve'],
    },
  });
});

it('the cluster is asked again after a minute, and at once about what was wrong', async () => {
  let now = 0;
  const right = scene();
  const verify = tokenReviewVerifier({ review: right.review, now: () => now });
  await Promise.all([verify('t'), verify('t'), verify('t')]);
  expect(right.asked).toHaveLength(1);
  now = 60_001;
  await verify('t');
  expect(right.asked).toHaveLength(2);
  const wrong = scene({ authenticated: false });
  const refuse = tokenReviewVerifier({ review: wrong.review, now: () => now });
  expect([await refuse('t'), await refuse('t')]).toEqual([undefined, undefined]);
  expect(wrong.asked).toHaveLength(2);
});

it('a JWT is not kept beyond its own end', async () => {
  let now = 1_000_000;
  const { asked, review } = scene();
  const verify = tokenReviewVerifier({ review, now: () => now });
  const token = `x.${Buffer.from(JSON.stringify({ exp: 1_010 })).toString('base64url')}.y`;
  expect(await verify(token)).toMatchObject({ expiresAt: 1_010_000 });
  now = 1_010_001;
  await verify(token);
  expect(asked).toHaveLength(2);
});

it('a token for another audience, without a user, or of a cluster that does not answer is not taken', async () => {
  expect(await tokenReviewVerifier({ review: scene({ audiences: [] }).review, audience: 'kw' })('t')).toBeUndefined();
  expect(await tokenReviewVerifier({ review: scene({ audiences: ['https://kubernetes'] }).review, audience: 'kw' })('t')).toBeUndefined();
  expect(await tokenReviewVerifier({ review: scene().review, audience: 'kw' })('t')).toBeDefined();
  expect(await tokenReviewVerifier({ review: scene({ user: '' }).review })('t')).toBeUndefined();
  const away = scene(new Error('connect ECONNREFUSED'));
  const verify = tokenReviewVerifier({ review: away.review });
  await expect(verify('t')).rejects.toMatchObject({ code: 'auth-unavailable' });
  await expect(verify('t')).rejects.toMatchObject({ code: 'auth-unavailable' });
  expect(away.asked).toHaveLength(2);
});

it('rules give scopes by user and group', async () => {
  const access = [{ group: 'dev', scopes: ['read'] }] as const;
  expect((await tokenReviewVerifier({ review: scene().review, access })('t'))?.caller.scopes).toEqual(['read']);
});
