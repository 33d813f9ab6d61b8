// What a cluster says of its device: its chunks and how they are laid out (docs/spec/polarfs.md FS-1, FS-6, FS-70).

import type { ChunkSpec, ClusterSpec } from '../kernel/cluster-spec.ts';
import { type Geometry, geometries } from '../pfs/geometry.ts';

/** Scaled layouts by the preset's name (FS-6). */
export const chunkGeometry = ({ preset }: ClusterSpec): Geometry =>
  preset.endsWith('-mini') ? geometries.mini : geometries.demo;

export const chunksOf = ({ chunks = [] }: ClusterSpec): readonly ChunkSpec[] => chunks;
