// The roles of CynosDB that tape actions are done to; a spare is a seat of a compute node, no role.

import type { TargetRoles } from '../../sim/stack.ts';

export const cynosdbTargets: TargetRoles = {
  driver: 'driver',
  writer: 'compute',
  store: 'store',
  pcs: 'meta',
  objectStore: 'objectStore',
};
