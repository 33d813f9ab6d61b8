// Records the first pictures and the starts of their runs (recorded-picture.ts) while the page is built, with the engine that is
// built in, so that they cannot be of different versions. Run by vite.config.ts under Node, never in the page.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import { packWhole } from '../host/keyframe-codec.ts';
import { makePlayer, type Player } from '../host/player.ts';
import { startKey } from '../host/recorded-start.ts';
import { type KeyframeKey, writeStored } from '../host/stored-keyframe.ts';
import { takeViews } from '../host/world-snapshot.ts';
import { firstView, type Keyframe, recordKeyframe } from '../run-model/picture/keyframe.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { newestOf } from '../sim/message-log.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import { known } from '../stacks/known.ts';
import { offeredPresets } from '../stacks/preset-names.ts';
import { findPreset, presets } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { pictureFile, startFile } from './recorded-picture.ts';

/** Messages of a boot that go with its start: what the space-time picture has room for. */
const MESSAGES = 800;

/** The files by name. */
export async function recordPictures(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const edge = await loadSqlEdge();
  const files = new Map<string, string | Uint8Array>();
  for (const preset of offeredPresets) {
    const keyframe = recordKeyframe(known, preset, findPreset(preset)?.seed ?? 0, edge);
    if ('error' in keyframe) throw new Error(keyframe.error);
    files.set(pictureFile(preset), JSON.stringify(keyframe));
    files.set(startFile(preset), recordStart(keyframe, edge));
  }
  return files;
}

/** The run at the instant of its picture. */
export function recordStart(mark: Omit<Keyframe, 'frame'>, edge: Edge): Uint8Array {
  const tape = freshTape(presets, mark.preset, mark.seed);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const player = makePlayer(made.setup, edge, { cacheBytes: 0 });
  while (!player.run(mark.at, Number.POSITIVE_INFINITY));
  if (player.hash() !== mark.hash) throw new Error(`${mark.preset}: the start is not what the picture shows`);
  return packStart(player, startKey(tape, mark));
}

/** The run as it stands, under this key. */
export function packStart(player: Player, key: KeyframeKey): Uint8Array {
  const { log } = player.fabric().traffic;
  const { world, recorder } = player.lived();
  takeViews({ world, recorder }, programOf(player.setup.program), firstView);
  const { initial: _initial, cluster: _cluster, params: _params, tape: _tape, ...fabric } = world.fabric;
  // With the newest messages of the boot: space-time draws them.
  const newest = log === null ? null : newestOf(log, MESSAGES);
  const changing = { ...fabric, traffic: { ...fabric.traffic, log: newest } };
  const rest = packWhole({ fabric: changing, recorder, images: world.images });
  const nodes = [...world.runners].map(([id, runner]) => [id, packWhole(runner)] as const);
  return writeStored(key, rest, nodes);
}
