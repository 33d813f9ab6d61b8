// What a cluster says of its device: chunks are its groups, in order (docs/spec/polarfs.md FS-1, FS-70; decision C3).

import type { ClusterSpec } from '../kernel/door.ts';
import { type Geometry, geometries } from '../pfs/geometry.ts';

/** Scaled layouts by the preset's name (FS-6). */
export const chunkGeometry = ({ preset }: ClusterSpec): Geometry =>
  preset.endsWith('-mini') ? geometries.mini : geometries.demo;
