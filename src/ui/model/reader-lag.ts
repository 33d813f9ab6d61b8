// How far a reader's visible LSN is behind the writer, by the views of both: what the reader itself knows of VDL may be old.

import type { ReaderView } from '../../core/reader/reader-view.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { computeOf } from './node-facts.ts';
import { attachmentAt } from './volumes.ts';

/** A reader this many LSNs behind VDL lags; less is records on their way. */
export const laggingLsns = 64;

/** VDL of the volume as its newest writer has it; −1: no writer has been heard. */
export function writerVdl(nodes: Readonly<Record<string, NodeFrame>>, volume: string): number {
  let best = { token: -1, vdl: -1 };
  for (const node of Object.values(nodes)) {
    const compute = computeOf(node);
    const attachment = compute === null ? null : attachmentAt(compute, volume);
    if (attachment !== null && attachment.token > best.token && attachment.vdl >= 0) best = attachment;
  }
  return best.vdl;
}

/** LSNs between its visible LSN and the writer's VDL; 0 before it is ready. */
export const readerLag = ({ applyLsn, vdl }: ReaderView, known: number): number =>
  applyLsn < 0 ? 0 : Math.max(0, Math.max(vdl, known) - applyLsn);
