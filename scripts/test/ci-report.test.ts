import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckReport, readTestReport, sum } from '../ci-report.mjs';

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
