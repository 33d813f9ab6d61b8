// A keyframe of a toy cluster, as the live cluster would have it, and as it is stored.

import type { Time } from '../../base/ids.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { packWhole } from '../keyframe-codec.ts';
import type { LiveKeyframe } from '../live-keyframes.ts';
import { makePlayer } from '../player.ts';
import { type KeyframeKey, packRest, writeStored } from '../stored-keyframe.ts';
import { changingOf, type Lived } from '../world-snapshot.ts';

export interface ToyKeyframe {
  readonly keyframe: LiveKeyframe;
  readonly lived: Lived;
  /** As it is stored under this past. */
  storedAs(past: string): { readonly key: KeyframeKey; readonly bytes: Uint8Array };
}

export function toyKeyframe(edge: Edge, time: number): ToyKeyframe {
  const tape = freshTape(presets, 'toy', 1);
  const made = 'error' in tape ? null : setupRun(known, tape);
  if (made?.ok !== true) throw new Error('no toy');
  const player = makePlayer(made.setup, edge, { cacheBytes: 0 });
  while (!player.run(time as Time, Number.POSITIVE_INFINITY));
  const lived = player.lived();
  const { fabric, runners, images } = lived.world;
  const keyframe: LiveKeyframe = {
    number: 1,
    time: fabric.now,
    tape: fabric.tape,
    position: fabric.position,
    fabric: changingOf(fabric),
    recorder: lived.recorder,
    images: new Map([...images].map(([node, image]) => [node, [...image]])),
    away: new Map(),
    left: null,
  };
  return {
    keyframe,
    lived,
    storedAs(past) {
      const key = { past, time: fabric.now };
      const nodes = [...runners].map(([node, runner]) => [node, packWhole(runner)] as const);
      return { key, bytes: writeStored(key, packRest(keyframe), nodes) };
    },
  };
}
