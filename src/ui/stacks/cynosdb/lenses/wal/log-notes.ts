// Notes beside the figures of a writer's log: from where its LSNs are counted on, and whose VDL it is. After a recovery the writer
// counts from the last LSN that it has annulled (WAL-7), until the first record of its term is durable.

import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import '../../../../../words/cynosdb/wal.en.json';

/** The LSN above which the writer allocates: its VDL, or the last LSN that its recovery has annulled. */
export const countedFrom = ({ vdl, startLsn }: Pick<AttachmentView, 'vdl' | 'startLsn'>): number =>
  Math.max(vdl, startLsn - 1);

/** So many LSNs above where the writer counts from. */
export function aboveText(
  { vdl, base }: { readonly vdl: number; readonly base: number },
  count: number,
  t: Translate,
): string {
  return base > vdl ? t('logNote.aboveAnnulled', { base, count }) : t('lens.aboveVdl', { count });
}

/** Of a writer that recovers VDL is what it has computed: no client has been answered by it yet. */
export const vdlNote = (
  recovering: { readonly node: string; readonly vdl: number } | null,
  acked: string,
  t: Translate,
): string => (recovering === null || recovering.vdl < 0 ? acked : t('logNote.recovers', recovering));
