// `--cluster FILE`: a cluster of one's own, from its lines or from the tape that has them, or for each seed of a sweep another one that is
// drawn (`--cluster drawn`).

import { existsSync, readFileSync } from 'node:fs';
import { clusterSaid } from '../sim/cluster-said.ts';
import { saidOfTape, sayCluster } from '../sim/say-cluster.ts';
import { drawCluster } from '../sim/sweep/draw-cluster.ts';
import { isTape } from '../sim/tape-limits.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';

export type SaidResult =
  | { readonly ok: true; readonly said: string }
  | { readonly ok: false; readonly error: string };

/** What a file says of a cluster, as whoever starts one says it (`clusterSaid`); its errors have the file and the line. */
export function clusterOfFile(path: string): SaidResult {
  if (!existsSync(path)) return { ok: false, error: `${path} is not there` };
  const text = `${readFileSync(path, 'utf8')}\n`;
  if (isTape(text)) {
    const parsed = parseTape(tapes, text);
    return parsed.ok
      ? { ok: true, said: saidOfTape(presets, parsed.tape) }
      : { ok: false, error: `${path}:${parsed.line}: ${parsed.error}` };
  }
  const preset = clusterSaid(presets, text);
  return 'error' in preset ? { ok: false, error: `${path}: ${preset.error}` } : { ok: true, said: text };
}

export interface ClusterChoice {
  readonly preset: string;
  readonly cluster?: string | undefined;
}

/** The cluster of each seed, and how a command says it. */
export type SeedClusters =
  | { readonly ok: true; readonly saidOf: (seed: number) => string; readonly argument: string }
  | { readonly ok: false; readonly error: string };

export function seedClusters({ preset, cluster }: ClusterChoice): SeedClusters {
  if (cluster === undefined) {
    const found = clusterSaid(presets, preset);
    return 'error' in found
      ? { ok: false, error: found.error }
      : { ok: true, saidOf: () => preset, argument: `--preset ${preset}` };
  }
  if (cluster === 'drawn') {
    const architecture = presets.stackOfPreset(preset);
    return architecture === null
      ? { ok: false, error: `unknown preset ${preset}` }
      : {
          ok: true,
          saidOf: (seed) => sayCluster(presets, drawCluster(presets, architecture, seed)),
          argument: `--preset ${preset} --cluster drawn`,
        };
  }
  const file = clusterOfFile(cluster);
  return file.ok ? { ok: true, saidOf: () => file.said, argument: `--cluster ${cluster}` } : file;
}
