// How far a reader's visible LSN is behind the writer, by the views of both: what the reader itself knows of VDL may be old.

import type { ReaderView } from '../../core/reader/reader-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
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

/** LSNs between its visible LSN and the writer's VDL; −1 where either is not known, as of a reader that is starting. */
export function readerLag({ applyLsn, vdl }: Pick<ReaderView, 'applyLsn' | 'vdl'>, known: number): number {
  const newest = Math.max(vdl, known);
  return applyLsn < 0 || newest < 0 ? -1 : Math.max(0, newest - applyLsn);
}

export const lagText = (lag: number, t: Translate): string =>
  lag < 0 ? '–' : t('lens.span', { count: lag });
