// The seats of a compute node as its cluster is laid out: at the cluster's own volume, and spare ones for volumes to come.

import type { NodeSpec } from './door.ts';

export const spareSeatsOf = ({ roles, isSpare, spareSeats }: NodeSpec): number =>
  roles.includes('compute') ? (spareSeats ?? (isSpare ? 1 : 0)) : 0;
