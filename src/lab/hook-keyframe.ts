// Records the first pictures (recorded-picture.ts) while the page is built, with the engine that is built in, so that the two
// cannot be of different versions. Run by vite.config.ts under Node, never in the page.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type Keyframe, recordKeyframe } from '../sim/keyframe.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import { recordedPictures } from './recorded-picture.ts';

/** By file name. */
export async function recordPictures(): Promise<ReadonlyMap<string, Keyframe>> {
  const edge = await loadSqlEdge();
  return new Map(
    Object.entries(recordedPictures).map(([preset, file]) => {
      const keyframe = recordKeyframe(known, preset, findPreset(preset)?.seed ?? 0, edge);
      if ('error' in keyframe) throw new Error(keyframe.error);
      return [file, keyframe];
    }),
  );
}
