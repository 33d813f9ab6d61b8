// Before each test file that shares its process with others: modules of its own, since stores and languages are kept in them, and
// the globals as they were. A process for each file costs twice the processor time of all these tests.

import { afterAll, vi } from 'vitest';

vi.resetModules();
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
