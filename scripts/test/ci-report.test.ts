import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterSecondTry, failuresOf, readCheckReport, readTestReport, sum } from '../ci-report.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 0, testResults: [] };

describe('readTestReport', () => {
  it('counts what passed, failed and was skipped', () => {
    expect(readTestReport(file({ ...report, numFailedTests: 1 }), 1)).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });

  it('counts a skipped test as failed where everything it needs is there', () => {
    expect(readTestReport(file(report), 0, { maySkip: false })).toEqual({ passed: 5, failed: 2, skipped: 0 });
  });

  it('counts a file that failed before its first test', () => {
    const broken = { name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    expect(readTestReport(file({ ...report, testResults: [broken] }), 1).failed).toBe(1);
  });

  it('never calls a run good whose exit code was not 0', () => {
    expect(readTestReport(file(report), 1).failed).toBe(1);
    expect(readTestReport(join(folder, 'missing.json'), 0).failed).toBe(1);
  });
});

describe('a second try', () => {
  const failed = (fullName: string) => ({ status: 'failed', fullName });
  const results = [
    { name: 'a.test.ts', status: 'failed', assertionResults: [failed('one'), { status: 'passed', fullName: 'two' }] },
    { name: 'b.test.ts', status: 'failed', assertionResults: [] },
    { name: 'c.test.ts', status: 'passed', assertionResults: [] },
  ];
  const failures = [
    { file: 'a.test.ts', tests: ['one'] },
    { file: 'b.test.ts', tests: [] },
  ];
  const first = { passed: 9, failed: 3, skipped: 1 };

  it('is for the files in which something failed', () => {
    expect(failuresOf(file({ ...report, testResults: results }))).toEqual(failures);
    expect(failuresOf(join(folder, 'missing.json'))).toEqual([]);
  });

  it('mends what passed then, and nothing else that failed', () => {
    expect(afterSecondTry(first, { failures, again: { passed: 4, failed: 0, skipped: 0 } })).toEqual({ passed: 11, failed: 1, skipped: 1 });
  });

  it('mends nothing when something failed again, or nothing ran', () => {
    expect(afterSecondTry(first, { failures, again: { passed: 4, failed: 1, skipped: 0 } })).toEqual(first);
    expect(afterSecondTry(first, { failures, again: { passed: 0, failed: 0, skipped: 0 } })).toEqual(first);
  });
});

describe('readCheckReport', () => {
  it('counts checks without and with problems', () => {
    const checks = [
      { name: 'a', problems: [] },
      { name: 'b', problems: ['no licence'] },
    ];
    expect(readCheckReport(file(checks), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('never calls a missing report good', () => {
    expect(readCheckReport(join(folder, 'missing.json'), 1).failed).toBe(1);
    expect(readCheckReport(join(folder, 'missing.json'), 0).failed).toBe(1);
  });
});

it('sums counts', () => {
  expect(
    sum([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    ]),
  ).toEqual({ passed: 4, failed: 1, skipped: 2 });
});
