// Records the first picture of a first visit while the page is built, with the engine that is built in, so that the two
// cannot be of different versions. Run by vite.config.ts under Node, never in the page.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type Keyframe, recordKeyframe } from '../sim/keyframe.ts';
import { findPreset } from '../sim/presets.ts';

const hookPreset = 'hook-hole';

export async function recordHookKeyframe(): Promise<Keyframe> {
  const keyframe = recordKeyframe(hookPreset, findPreset(hookPreset)?.seed ?? 0, await loadSqlEdge());
  if ('error' in keyframe) throw new Error(keyframe.error);
  return keyframe;
}
