import { describe, expect, it } from 'vitest';
import { conditions } from '../src/conditions/index.ts';
import { diagnoseWorld } from '../src/diagnose.ts';
import type { Finding } from '../src/finding.ts';
import { chineseReasons } from '../src/render/reasons.zh.ts';
import { kindSources } from '../src/world/kinds.ts';
import { keyOf } from '../src/world/world-object.ts';
import { readFixtures } from './fixtures.ts';

const fixtures = readFixtures();

function lineOf(finding: Finding): string {
  return `${keyOf(finding)} ${finding.reason} ${finding.severity}`;
}

function textOf({ summary, evidence, fix = [] }: Finding): string {
  return [summary, ...evidence.flatMap(({ at, value }) => [at, value]), ...fix].join('\n');
}

describe('each condition has a world that shows it and a healthy twin', () => {
  it.each(fixtures)('$file shows exactly what it expects', ({ conditions: about, fault, expect: expected }) => {
    const findings = diagnoseWorld(
      fault,
      conditions.filter(({ id }) => about.includes(id)),
    );
    expect(findings.map(lineOf).toSorted()).toEqual(
      expected.map(({ object, reason, severity }) => `${object} ${reason} ${severity}`).toSorted(),
    );
    for (const { object, reason, says, cause } of expected) {
      const found = findings.find((finding) => keyOf(finding) === object && finding.reason === reason);
      for (const text of says) expect(found === undefined ? '' : textOf(found)).toContain(text);
      expect(cause === '' ? '' : found?.cause).toBe(cause);
    }
  });

  it.each(fixtures)('$file: its healthy twin is quiet, whatever is looked for', ({ healthy }) => {
    expect(diagnoseWorld(healthy, conditions).map((finding) => `${lineOf(finding)}: ${finding.summary}`)).toEqual([]);
  });
});

describe('the list of conditions', () => {
  it('has a fixture for each', () => {
    const shown = new Set(fixtures.flatMap(({ conditions: about }) => about));
    expect(conditions.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('has each id once, in kebab-case', () => {
    const ids = conditions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
  });

  it('says in Chinese what each reason means, but for what a problem detector calls its own', () => {
    const reasons = new Set(fixtures.flatMap(({ expect: expected }) => expected.map(({ reason }) => reason)));
    expect([...reasons].filter((reason) => !chineseReasons.has(reason))).toEqual(['NodeKernelDeadlock']);
  });

  it('reads only kinds of the table', () => {
    for (const { needs, uses = [] } of conditions) for (const kind of [...needs, ...uses]) expect([...kindSources.keys()]).toContain(kind);
  });
});
