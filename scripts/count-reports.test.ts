import { expect, test } from 'vitest';
import { countStage } from './count-reports.mjs';

const bothReports = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 },
  errors: [],
};

test('a stage that is one check counts one', () => {
  expect(countStage(undefined, undefined, true)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(countStage(undefined, undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a vitest report counts its tests, and a file that could not be loaded as a failure', () => {
  const testResults = [
    { status: 'passed', assertionResults: [1, 2, 3] },
    { status: 'failed', assertionResults: [1] },
    { status: 'failed', assertionResults: [] },
  ];
  const report = { ...bothReports, numPassedTests: 3, numFailedTests: 1, numTodoTests: 1, testResults };
  expect(countStage('vitest', report, false)).toEqual({ passed: 3, failed: 2, skipped: 1 });
});

test('a playwright report counts a flaky journey as failed, and errors outside journeys too', () => {
  const stats = { expected: 14, unexpected: 1, flaky: 1, skipped: 2 };
  const report = { ...bothReports, stats, errors: ['global setup'] };
  expect(countStage('playwright', report, false)).toEqual({ passed: 14, failed: 3, skipped: 2 });
});

test('no report, no tests, or a bad exit without a failed test is a failure', () => {
  expect(countStage('vitest', undefined, true).failed).toBe(1);
  expect(countStage('vitest', bothReports, true).failed).toBe(1);
  expect(countStage('playwright', bothReports, true).failed).toBe(1);
  const green = { ...bothReports, numPassedTests: 5 };
  expect(countStage('vitest', green, false)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(countStage('vitest', green, true)).toEqual({ passed: 5, failed: 0, skipped: 0 });
});
