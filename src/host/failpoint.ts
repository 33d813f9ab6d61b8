// Holds of a commit, for the tests that kill the browser while a transaction waits. Absent from what users get: the
// build for those tests defines `__FAILPOINTS__` as true, every other build as false.

declare const __FAILPOINTS__: boolean;

/** True only in the build made for kill tests. */
export const failpointsBuilt: boolean = typeof __FAILPOINTS__ === 'boolean' && __FAILPOINTS__;

/** Never resolves in a build for kill tests; resolves at once everywhere else. */
export function failpointPromise(): Promise<void> {
  return failpointsBuilt ? new Promise(() => {}) : Promise.resolve();
}
