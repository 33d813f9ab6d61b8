// What a harness needs of an architecture to hold its pages against what its log alone makes of them.

import type { FsckReport } from '../fsck/findings.ts';
import type { World } from '../world.ts';
import type { RedoFinding, RedoRule } from './compare.ts';
import type { PageRead, Redo, ServedPage } from './redo.ts';

type AnyWorld = World<unknown, unknown>;

export interface RedoSource {
  /** Rules that its findings may name. */
  readonly rules: readonly RedoRule[];
  /** Reads the log on, so that its records are seen before they are dropped. */
  readonly follow: (redo: Redo, world: AnyWorld) => void;
  /** Everything that is stored, cached and buffered. */
  readonly compareAll: (redo: Redo, world: AnyWorld) => RedoFinding[];
  /** Pages that replicas have served. */
  readonly compareReads: (redo: Redo, world: AnyWorld, reads: readonly ServedPage[]) => RedoFinding[];
  /** Pages as statements of readers found them. */
  readonly compareReaders: (redo: Redo, world: AnyWorld, reads: readonly PageRead[]) => RedoFinding[];
  /** The log cut at the ends of MTRs that `isTaken` takes. */
  readonly checkCuts: (redo: Redo, world: AnyWorld, isTaken: () => boolean) => FsckReport[];
}
