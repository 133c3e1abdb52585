import type { Runtime } from '@kw/runtime';
import { createTokenReviewer } from '@kw/runtime';
import type { AuthOptions, Verifier } from '@kw/server';
import { oidcVerifier, tokenReviewVerifier } from '@kw/server';

/** Who judges tokens that are not in the configuration, and how to be done with it. */
export interface TokenJudge {
  readonly verify?: NonNullable<AuthOptions['verify']>;
  close(): Promise<void>;
}

/** The judge that the configuration asks for; tokens that the cluster is to be asked with are kept for it. */
export function tokenJudge({ config: { auth, service }, targets, vault }: Runtime): TokenJudge {
  const { access, oidc, tokenReviewAudience: audience } = service;
  const remembering =
    (verifier: Verifier): NonNullable<AuthOptions['verify']> =>
    async (token) => {
      const verified = await verifier(token);
      if (verified !== undefined) vault?.remember(verified.caller.principal, token, verified.expiresAt);
      return verified?.caller;
    };
  const common = access === undefined ? {} : { access };
  if (auth === 'oidc' && oidc !== undefined)
    return { verify: remembering(oidcVerifier({ ...oidc, ...common })), close: async () => undefined };
  if (auth !== 'kubernetes') return { close: async () => undefined };
  const reviewer = createTokenReviewer(targets);
  return {
    verify: remembering(tokenReviewVerifier({ review: reviewer.review, ...(audience !== undefined && { audience }), ...common })),
    close: () => reviewer.close(),
  };
}
