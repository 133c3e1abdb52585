import type { Caller, Scope } from '@kw/http';

/** Somebody whose token was judged by an identity provider or the cluster. */
export interface Verified {
  readonly caller: Caller;
  /** When the token ends, in milliseconds since the epoch, where that is known. */
  readonly expiresAt?: number;
}

/** Judges tokens; undefined for those that are not right. Throws KwError `auth-unavailable` where that cannot be told. */
export type Verifier = (token: string) => Promise<Verified | undefined>;

/** Who may do what. */
export interface Access {
  readonly user?: string;
  readonly group?: string;
  readonly scopes: readonly Scope[];
}

const ordinaryScopes: readonly Scope[] = ['read', 'chat', 'approve'];

/** What a user may do: the scopes of all rules that fit, none where none does; without rules all but `admin`. */
export function scopesOf(
  access: readonly Access[] | undefined,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): readonly Scope[] {
  if (access === undefined) return ordinaryScopes;
  const fitting = access.filter((rule) => rule.user === user || (rule.group !== undefined && groups.includes(rule.group)));
  return [...new Set(fitting.flatMap(({ scopes }) => scopes))];
}
