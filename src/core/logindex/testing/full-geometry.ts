// Tables of LogIndex in full size (docs/spec/logindex.md LI-21), which the lab's own are smaller than, for tests.

import type { Geometry } from '../table.ts';

export const fullGeometry: Geometry = {
  segments: 4096,
  slots: 2048,
  tablesPerFile: 64,
  memTables: 16,
  keptTables: 32,
};
