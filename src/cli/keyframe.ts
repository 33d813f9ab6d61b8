// `npm run keyframe`: records the picture of a first visit again, as text for src/presets/hook-keyframe.json.

import { writeFileSync } from 'node:fs';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset } from '../presets/topologies.ts';
import { recordKeyframe } from '../sim/keyframe.ts';
import { exitCodes } from './exit-codes.ts';

const [path = 'src/presets/hook-keyframe.json', name = 'hook-hole'] = process.argv.slice(2);

const keyframe = recordKeyframe(name, findPreset(name)?.seed ?? 0, await loadSqlEdge());
if ('error' in keyframe) {
  console.error(keyframe.error);
  process.exitCode = exitCodes.usage;
} else {
  const text = `${JSON.stringify(keyframe)}\n`;
  writeFileSync(path, text);
  const { at, hash, frame } = keyframe;
  console.log(
    `${path}: ${name} at ${at / 1000} ms, ${frame.events} inputs, hash ${hash}, ${text.length} bytes`,
  );
}
