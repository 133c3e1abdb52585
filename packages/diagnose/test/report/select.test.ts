import { describe, expect, it } from 'vitest';
import { conditions } from '../../src/conditions/index.ts';
import { toKinds } from '../../src/report/kind-names.ts';
import { conditionsFor, parseSelector } from '../../src/report/select.ts';
import { parseDiagnoseInput, parseDuration } from '../../src/tool-input.ts';

describe('what is looked for', () => {
  it('is read only where it is needed: nodes alone need no pods’ conditions, workloads do', () => {
    expect(conditionsFor(conditions, ['Node']).every(({ kinds }) => kinds.includes('Node'))).toBe(true);
    expect(conditionsFor(conditions, ['Deployment']).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['pod-image', 'deployment-progress']),
    );
    expect(conditionsFor(conditions, undefined)).toBe(conditions);
  });

  it('takes kinds as people write them, and names the known ones', () => {
    expect(toKinds(['po', 'Pods', 'deployments.apps', 'svc', 'PVC', 'secrets'])).toEqual([
      'Pod',
      'Pod',
      'Deployment',
      'Service',
      'PersistentVolumeClaim',
      'Secret',
    ]);
    expect(() => toKinds(['constructor'])).toThrow('"constructor" is no kind that is looked at; known are Namespace, Node, Pod');
  });

  it.each([
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (api, web),!legacy', true],
    ['app notin (web)', false],
    ['app', true],
    ['!app', false],
    ['other', false],
    ['tier!=front', false],
  ])('%s of app=web, tier=front is %s', (selector, fits) => {
    expect(parseSelector(selector)({ app: 'web', tier: 'front' })).toBe(fits);
  });

  it('refuses a selector that is none', () => {
    expect(() => parseSelector('a b')).toThrow(RangeError);
  });

  it('reads durations', () => {
    expect(['45s', '30m', '1h30m', '2d', '5', 'x', ''].map(parseDuration)).toEqual([
      45_000,
      1_800_000,
      5_400_000,
      172_800_000,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the arguments of the tool', () => {
  it('may all be left out, and are taken as models write them', () => {
    expect(parseDiagnoseInput('')).toEqual({});
    expect(parseDiagnoseInput('{"namespace":"","kinds":null,"approved":true}')).toEqual({});
    expect(parseDiagnoseInput('{"namespace":"shop","kinds":"pods, svc","selector":"app=web","severity":"warning","since":"1h"}')).toEqual({
      namespace: 'shop',
      kinds: ['pods', 'svc'],
      selector: 'app=web',
      severity: 'warning',
      sinceMs: 3_600_000,
    });
    expect(parseDiagnoseInput('{"namespace":"*"}')).toEqual({});
    expect(parseDiagnoseInput('{"namespace":"all"}')).toEqual({});
    expect(parseDiagnoseInput('{"kinds":["Pod"]}')).toEqual({ kinds: ['Pod'] });
  });

  it.each([
    ['[]', 'must be a JSON object'],
    ['{', 'not valid JSON'],
    ['{"namespace":"a b"}', '"namespace"'],
    ['{"namespace":7}', '"namespace" must be a text'],
    ['{"severity":"high"}', 'critical, warning or info'],
    ['{"since":"yesterday"}', '30m, 2h or 1d'],
    ['{"kinds":[1]}', '"kinds"'],
  ])('%s is refused with words for the model', (argumentsJson, words) => {
    expect(() => parseDiagnoseInput(argumentsJson)).toThrow(words);
  });
});
