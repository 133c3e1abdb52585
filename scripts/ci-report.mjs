import { existsSync, readFileSync } from 'node:fs';

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** The files of vitest's JSON report that failed, and the names of what failed in them. */
export function failuresOf(path) {
  const results = readJson(path)?.testResults ?? [];
  return results
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      file: name,
      tests: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    }));
}

/** The counts after the failed ones ran once more, alone: when all of these passed, they have passed; else all stay failed. */
export function afterSecondTry(first, { failures, again }) {
  if (again.failed > 0 || again.passed === 0) return first;
  const mended = failures.reduce((total, { tests }) => total + Math.max(tests.length, 1), 0);
  return { ...first, passed: first.passed + mended, failed: first.failed - mended };
}

/** The counts of vitest's JSON report. A run that failed without a failed test counts one failure; so does each skipped test that had to run. */
export function readTestReport(path, code, { maySkip = true } = {}) {
  const report = readJson(path);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  for (const { name, message } of broken) console.log(`FAILED before its tests: ${name}\n${message}`);
  const skipped = report.numPendingTests + report.numTodoTests;
  if (!maySkip && skipped > 0) console.log(`${skipped} tests were skipped, though everything they need is here`);
  const failed = report.numFailedTests + broken.length + (maySkip ? 0 : skipped);
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: maySkip ? skipped : 0 };
}

/** The counts of a report of checks: a list of { name, problems }. */
export function readCheckReport(path, code) {
  const checks = readJson(path);
  if (checks === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = checks.filter(({ problems }) => problems.length > 0).length;
  return { passed: checks.length - failed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: 0 };
}

/** All counts in one. */
export function sum(counts) {
  const add = (key) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: add('passed'), failed: add('failed'), skipped: add('skipped') };
}
