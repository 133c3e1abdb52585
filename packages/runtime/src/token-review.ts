import type { TargetSource } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { OpenKubeTarget } from '@kw/kube';
import { isOpenKubeTarget } from '@kw/kube';

/** What the cluster says of a token. */
export interface TokenReview {
  readonly authenticated: boolean;
  readonly user?: string;
  readonly groups: readonly string[];
  readonly audiences: readonly string[];
}

/** Asks the configured cluster about tokens, with the identity of this process. */
export interface TokenReviewer {
  review(token: string, audiences: readonly string[]): Promise<TokenReview>;
  close(): Promise<void>;
}

const timeoutMs = 10_000;

/** Makes a reviewer over the current context; nothing is asked before the first token comes. */
export function createTokenReviewer(targets: TargetSource): TokenReviewer {
  let opening: Promise<OpenKubeTarget> | undefined;
  const open = async (): Promise<OpenKubeTarget> => {
    const opened = await targets.open(await targets.freeze({}));
    if (isOpenKubeTarget(opened)) return opened;
    await opened.close();
    throw new KwError('no-cluster', 'There is no cluster that could judge tokens.');
  };
  return {
    review: async (token, audiences) => {
      opening ??= open();
      const mine = opening;
      const { client } = await mine.catch((error: unknown) => {
        if (opening === mine) opening = undefined;
        throw error;
      });
      const answer = await client.json({
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token, ...(audiences.length > 0 && { audiences }) },
        },
        headerTimeoutMs: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return toReview(answer);
    },
    close: async () => {
      const opened = await opening?.catch(() => undefined); // told to whoever asked
      await opened?.close();
    },
  };
}

function toReview(answer: unknown): TokenReview {
  const status = at(answer, 'status');
  const user = at(status, 'user');
  const name = at(user, 'username');
  return {
    authenticated: at(status, 'authenticated') === true,
    ...(typeof name === 'string' && { user: name }),
    groups: texts(at(user, 'groups')),
    audiences: texts(at(status, 'audiences')),
  };
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').map(String) : [];
}
