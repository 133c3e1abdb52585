import { describe, expect, it } from 'vitest';
import { fieldMatcher, matchesRequirements, matchesSelector, parseFieldSelector, parseLabelSelector } from '../../src/api/selectors.ts';

const selects = (selector: string, labels: Record<string, string>): boolean => matchesRequirements(labels, parseLabelSelector(selector));

describe('label selectors', () => {
  it('know equality, sets, presence and absence', () => {
    expect(selects('app=web,tier!=back', { app: 'web' })).toBe(true);
    expect(selects('app in (web, cart)', { app: 'cart' })).toBe(true);
    expect(selects('app notin (web)', { app: 'web' })).toBe(false);
    expect(selects('!app', {})).toBe(true);
    expect(selects('app', {})).toBe(false);
    expect(selects('n>3', { n: '4' })).toBe(true);
  });

  it('are refused in the words of the server', () => {
    expect(() => parseLabelSelector('a b')).toThrow("unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
    expect(() => parseLabelSelector('app in web')).toThrow("unable to parse requirement: found 'web' expected: '('");
  });

  it('of objects select nothing when they are absent and everything when they are empty', () => {
    expect(matchesSelector({ a: 'b' }, undefined)).toBe(false);
    expect(matchesSelector({ a: 'b' }, {})).toBe(true);
    expect(matchesSelector({ a: 'b' }, { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] })).toBe(false);
  });
});

describe('field selectors', () => {
  it('test fields that the resource offers', () => {
    const running = fieldMatcher('pods', parseFieldSelector('status.phase=Running,metadata.name!=b'));
    expect(running({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, status: { phase: 'Running' } })).toBe(true);
    expect(running({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' }, status: { phase: 'Running' } })).toBe(false);
  });

  it('of other fields are refused', () => {
    expect(() => fieldMatcher('pods', parseFieldSelector('spec.image=x'))).toThrow('field label not supported: spec.image');
    expect(() => fieldMatcher('deployments.apps', parseFieldSelector('spec.replicas=2'))).toThrow(
      '"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(() => parseFieldSelector('a')).toThrow("invalid selector: 'a'; can't understand 'a'");
  });
});

describe('names that clients choose', () => {
  it('find nothing that nobody set', () => {
    expect(selects('constructor', { a: 'b' })).toBe(false);
    expect(selects('!toString', { a: 'b' })).toBe(true);
  });
});
