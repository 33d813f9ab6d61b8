// A toy is all that a tape action may be done to.

import type { TargetRoles } from '../../sim/stack.ts';

export const toyTargets: TargetRoles = {
  driver: 'toy',
  writer: 'toy',
  store: 'toy',
  objectStore: 'toy',
  spare: 'toy',
};
