import { expect, test } from 'vitest';
import { countStage, journeysNotRun } from './count-reports.mjs';

const noTests = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 },
  errors: [],
  verdicts: [],
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
  const report = { ...noTests, numPassedTests: 3, numFailedTests: 1, numTodoTests: 1, testResults };
  expect(countStage('vitest', report, false)).toEqual({ passed: 3, failed: 2, skipped: 1 });
});

test('a playwright report counts a flaky journey as failed, and errors outside journeys too', () => {
  const stats = { expected: 14, unexpected: 1, flaky: 1, skipped: 2 };
  const report = { ...noTests, stats, errors: ['global setup'] };
  expect(countStage('playwright', report, false)).toEqual({ passed: 14, failed: 3, skipped: 2 });
});

test('of a playwright report, which journeys did not run, in which engine and why', () => {
  const journey = (title: string, status: string, description?: string) => ({
    title,
    tests: [
      { projectName: 'webkit', status, annotations: description === undefined ? [] : [{ description }] },
    ],
  });
  const inner = {
    specs: [journey('a first life', 'skipped', 'webkit is not installed'), journey('b', 'expected')],
  };
  const report = { ...noTests, suites: [{ suites: [inner] }, { specs: [journey('c', 'skipped')] }] };
  expect(journeysNotRun(report)).toEqual([
    'not run in webkit: a first life. webkit is not installed',
    'not run in webkit: c',
  ]);
});

test('a sweep counts its seeds, and anything but PASS as failed', () => {
  const verdicts = [{ outcome: 'PASS' }, { outcome: 'LIVENESS' }, { outcome: 'PASS' }];
  const report = { ...noTests, verdicts };
  expect(countStage('sweep', report, false)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  expect(countStage('sweep', noTests, true).failed).toBe(1);
});

test('no report, no tests, or a bad exit without a failed test is a failure', () => {
  expect(countStage('vitest', undefined, true).failed).toBe(1);
  expect(countStage('vitest', noTests, true).failed).toBe(1);
  expect(countStage('playwright', noTests, true).failed).toBe(1);
  const green = { ...noTests, numPassedTests: 5 };
  expect(countStage('vitest', green, false)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(countStage('vitest', green, true)).toEqual({ passed: 5, failed: 0, skipped: 0 });
  const left = { ...noTests, stats: { ...noTests.stats, skipped: 2 } };
  expect(countStage('playwright', left, true)).toEqual({ passed: 0, failed: 0, skipped: 2 });
  expect(countStage('playwright', left, false).failed).toBe(1);
});
