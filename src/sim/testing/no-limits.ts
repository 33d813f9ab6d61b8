// A world's step without a limit, for tests.

import type { StepLimits } from '../fabric.ts';
import { NEVER } from '../types.ts';

export const noLimits: StepLimits = { until: NEVER, frameUs: null, view: null };
