// The nodes of PolarDB on the map: the writer and the readers of a volume in files, and chunk servers. What stands in a card besides its
// watermarks loads with the first of them.

import { BookOpen, HardDrive, SquarePen } from 'lucide-react';
import type { ChunkView } from '../../../core/chunk/trace-events.ts';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type {} from '../../../core/shared-storage/shared-view.ts';
import { groupDigits } from '../../kit/format.ts';
import { labelOf } from '../../kit/term.tsx';
import type { CardMark } from '../../model/node-facts.ts';
import { late } from '../late-part.tsx';
import type { RoleCard } from '../stack-ui.ts';
import '../../../words/polardb/card.en.json';
import { knownLsns } from './known-lsns.ts';

const parts = () => import('./card-parts.tsx');

const isRo = ({ mode }: ComputeView): boolean => mode === 'ro';

const mark = (label: string, lsn = -1): CardMark => ({
  label,
  term: label,
  value: lsn < 0 ? '–' : groupDigits(lsn),
});

function marksOf(view: ComputeView): readonly CardMark[] {
  const shared = view.shared && knownLsns(view.shared);
  return isRo(view)
    ? [mark('applyLsn', shared?.applyLsn), mark('bgReplayedLsn', shared?.bgReplayedLsn)]
    : [mark('durableLsn', shared?.durableLsn), mark('oldestApplyLsn', shared?.oldestApplyLsn)];
}

export const sharedCard: RoleCard<ComputeView> = {
  role: 'compute',
  fits: ({ shared }) => shared !== undefined,
  icon: SquarePen,
  iconOf: (view) => (isRo(view) ? BookOpen : SquarePen),
  place: 'upper',
  layer: 'compute',
  name: (view, t) => t(view && isRo(view) ? 'role.reader' : 'role.compute'),
  spoken: (view, t) => [
    ...marksOf(view)
      .slice(0, 1)
      .map(({ label, value }) => `${label} ${value}`),
    t('token.value', { token: view.token }),
  ],
  marks: marksOf,
  plain(view) {
    const shared = view.shared && knownLsns(view.shared);
    const own = isRo(view) ? mark('applyLsn', shared?.applyLsn) : mark('durableLsn', shared?.durableLsn);
    return { ...own, label: labelOf(own.label, own.label) };
  },
  Strip: late(async () => (await parts()).SharedStrip),
  Chip: late(async () => (await parts()).SharedChip),
  Note: late(async () => (await parts()).SharedNote),
  Body: late(async () => (await parts()).SharedBody),
  Foot: late(async () => (await parts()).SharedFoot),
  details: async () => (await import('./shared-details.tsx')).sharedDetails,
};

export const chunkCard: RoleCard<ChunkView> = {
  role: 'chunk',
  icon: HardDrive,
  place: 'lower',
  layer: 'storage',
  hasArcs: true,
  name: (_, t) => t('role.chunk'),
  spoken: ({ chunks }, t) => [t('chunk.leads', { count: chunks.filter(({ isLeader }) => isLeader).length })],
  marks: ({ chunks }, t) => [
    { label: t('chunk.chunks'), term: 'chunk', value: String(chunks.length) },
    {
      label: t('chunk.leader'),
      term: 'chunkLeader',
      value: String(chunks.filter(({ isLeader }) => isLeader).length),
    },
    {
      label: 'token',
      term: 'token',
      value: String(Math.max(0, ...chunks.map(({ maxToken }) => maxToken))),
    },
  ],
  plain: ({ chunks }, t) => ({
    label: t('chunk.leadsChunks'),
    term: 'chunkLeader',
    value: t('chunk.leadsOf', {
      leads: chunks.filter(({ isLeader }) => isLeader).length,
      count: chunks.length,
    }),
  }),
  Strip: late(async () => (await parts()).ChunkStrip),
  Chip: late(async () => (await parts()).ChunkChip),
  Body: late(async () => (await parts()).ChunkBody),
  Foot: late(async () => (await parts()).ChunkFoot),
  details: async () => (await import('./chunk-details.tsx')).chunkDetails,
};
