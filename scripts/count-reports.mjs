// How many tests of a stage passed and failed, from its JSON report and its exit code. Errs towards failure: no report, no tests,
// or a bad exit without a failed test each count as one failure. Who skips its tests says so itself, and fails where it must not.

/**
 * @typedef {{passed: number, failed: number, skipped: number}} Count
 * @typedef {{status: string, assertionResults: unknown[]}} VitestFile
 * @typedef {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: VitestFile[]}} VitestReport
 * @typedef {{title: string, tests: {projectName: string, status: string, annotations: {description?: string}[]}[]}} Journey
 * @typedef {{specs?: Journey[], suites?: Suite[]}} Suite
 * @typedef {{stats: {expected: number, unexpected: number, flaky: number, skipped: number},
 *   errors: unknown[]} & Suite} PlaywrightReport
 * @typedef {{verdicts: {outcome: string}[]}} SweepReport
 * @typedef {VitestReport & PlaywrightReport & SweepReport} Report which of them it is, its kind says
 */

/**
 * A file that could not be loaded has no tests, but failed all the same.
 * @param {VitestReport} report
 * @returns {Count}
 */
function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @param {PlaywrightReport} report
 * @returns {Count}
 */
function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * Journeys that were left out, each with its engine and why.
 * @param {Suite} suite a report of Playwright, or a part of one
 * @returns {string[]}
 */
export const journeysNotRun = ({ specs = [], suites = [] }) => [
  ...specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'skipped')
      .map(({ projectName, annotations }) =>
        [`not run in ${projectName}: ${title}`, ...annotations.flatMap((one) => one.description ?? [])].join(
          '. ',
        ),
      ),
  ),
  ...suites.flatMap(journeysNotRun),
];

/**
 * A seed of the sweep is a test.
 * @param {SweepReport} report
 * @returns {Count}
 */
function countSweep({ verdicts }) {
  const passed = verdicts.filter(({ outcome }) => outcome === 'PASS').length;
  return { passed, failed: verdicts.length - passed, skipped: 0 };
}

const counters = { vitest: countVitest, playwright: countPlaywright, sweep: countSweep };

/**
 * @param {'vitest' | 'playwright' | 'sweep' | undefined} kind undefined: a stage that is one check
 * @param {Report | undefined} report
 * @param {boolean} isGreen whether the stage's program ended with exit code 0
 * @returns {Count}
 */
export function countStage(kind, report, isGreen) {
  if (kind === undefined) return { passed: isGreen ? 1 : 0, failed: isGreen ? 0 : 1, skipped: 0 };
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const count = counters[kind](report);
  const isEmpty = count.passed + count.failed + count.skipped === 0;
  const isHiddenFailure = !isGreen && count.failed === 0;
  return isEmpty || isHiddenFailure ? { ...count, failed: count.failed + 1 } : count;
}
