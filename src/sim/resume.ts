// A run that goes on after a power cut without being simulated again: the fabric's state right after a cut is a
// function of the tape alone, and every node opens from its own disk.

import { assert } from '../base/assert.ts';
import { addedBy, makePlace } from './fabric-nodes.ts';
import { type Fabric, makeFabric, type RunSpec } from './fabric-state.ts';
import type { NodeKinds } from './node-templates.ts';
import { beginAfterPowerCut } from './power-cut.ts';

/** The fabric of a tape whose last action is a power cut, at that cut's time. */
export function resumeFabric(kinds: NodeKinds, spec: RunSpec): Fabric {
  const last = spec.actions[spec.actions.length - 1];
  assert(last !== undefined && last.kind === 'powerCut', 'a run resumes from a power cut');
  const fabric = makeFabric(spec);
  for (const added of addedBy(kinds, spec)) makePlace(fabric, added);
  fabric.ops = [];
  fabric.now = last.at;
  fabric.position = spec.actions.length;
  fabric.epoch = spec.actions.filter((action) => action.kind === 'powerCut').length - 1;
  beginAfterPowerCut(fabric, last.stamps);
  return fabric;
}
