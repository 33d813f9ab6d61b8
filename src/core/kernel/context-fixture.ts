// For tests: what a role's context counts by, as in the first life of a node.

import { firstRequest, type IdCounter } from './context.ts';

export const makeIds = (): IdCounter => ({ next: 1, requests: firstRequest(1) });
