// The steps of every stack's protocols at which a crash can be aimed.

import { type CrashMoments, makeCrashMoments } from '../sim/crash-points.ts';
import { stacks } from './registry.ts';

export const moments: CrashMoments = makeCrashMoments(stacks);
export const { crashMoments, isMomentOf, rolesAt } = moments;
