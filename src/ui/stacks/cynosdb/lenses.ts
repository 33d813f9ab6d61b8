// CynosDB's lenses. Each loads when it is opened.

import { lazy } from 'react';
import type { LensEntry } from '../../lens/lens-entry.ts';
import '../../../words/cynosdb/label.en.json';
import '../../../words/cynosdb/lens.en.json';

declare module '../../../state/settings-store.ts' {
  interface LensIds {
    wal: true;
    mtr: true;
    pages: true;
    journal: true;
    chains: true;
    recovery: true;
    pcs: true;
    plan: true;
  }
}

const WalLens = lazy(async () => ({ default: (await import('./lenses/wal/wal-lens.tsx')).WalLens }));
const MtrLens = lazy(async () => ({ default: (await import('./lenses/mtr/mtr-lens.tsx')).MtrLens }));
const PagesLens = lazy(async () => ({ default: (await import('./lenses/pages/pages-lens.tsx')).PagesLens }));
const FollowPage = lazy(async () => ({
  default: (await import('./lenses/pages/follow-page.tsx')).FollowPage,
}));
const JournalLens = lazy(async () => ({
  default: (await import('./lenses/journal/journal-lens.tsx')).JournalLens,
}));
const ChainsLens = lazy(async () => ({
  default: (await import('./lenses/chains/chains-lens.tsx')).ChainsLens,
}));
const RecoveryLens = lazy(async () => ({
  default: (await import('./lenses/recovery/recovery-lens.tsx')).RecoveryLens,
}));
const PcsLens = lazy(async () => ({ default: (await import('./lenses/pcs/pcs-lens.tsx')).PcsLens }));
const PlanLens = lazy(async () => ({ default: (await import('./lenses/plan/plan-lens.tsx')).PlanLens }));

export const cynosdbLenses: readonly LensEntry[] = [
  {
    id: 'wal',
    digit: '5',
    title: 'lens.wal',
    View: WalLens,
    subjects: ['lsn', 'group', 'request'],
    events: [
      'wal.',
      'hole.',
      'mark.',
      'scrub.',
      'member.',
      'recovery.computed',
      'recovery.info',
      'recovery.history',
    ],
    sections: {
      plot: ['wal.', 'hole.', 'mark.', 'commit.', 'recovery.', 'cluster.', 'disk.'],
      list: ['hole.split', 'hole.rebuild', 'hole.saved', 'hole.restore', 'scrub.', 'page.scrub'],
      requests: [
        'hole.sent',
        'hole.ring',
        'hole.serve',
        'hole.answer',
        'hole.timeout',
        'hole.ignored',
        'hole.one-live-request',
        'hole.own-answer',
      ],
      members: ['member.', 'group.'],
    },
  },
  {
    id: 'mtr',
    digit: '2',
    title: 'lens.mtr',
    View: MtrLens,
    subjects: ['mtr'],
    events: ['mtr.', 'commit.', 'mark.vdl'],
  },
  {
    id: 'pages',
    digit: '4',
    title: 'lens.pages',
    View: PagesLens,
    FollowPage,
    subjects: ['page', 'row'],
    events: ['page.', 'index.split'],
    tabs: {
      versions: ['page.', 'buffer.redo', 'ro.same-image'],
      grid: ['page.evict', 'buffer.evict-below-vdl'],
      tree: ['page.structure', 'index.split'],
    },
  },
  {
    id: 'journal',
    digit: '3',
    title: 'lens.journal',
    View: JournalLens,
    events: ['ro.'],
    sections: {
      stream: ['ro.'],
      page: ['ro.pageRead', 'ro.stale'],
      readers: [
        'ro.accepted',
        'ro.ready',
        'ro.start',
        'ro.revoked',
        'ro.lost',
        'ro.dropped',
        'ro.mrpl',
        'node.',
      ],
    },
  },
  {
    id: 'chains',
    digit: '8',
    title: 'lens.chains',
    View: ChainsLens,
    events: ['archive.', 'restore.', 'base.', 'gc.', 'mark.archived', 'mark.pgmrpl'],
    sections: {
      points: ['gc.', 'mark.pgmrpl', 'read.floor-below-readers', 'store.read-window', 'page.pinned-kept'],
      pages: ['page.', 'base.', 'buffer.', 'ro.same-image', 'member.base'],
      archive: ['archive.', 'restore.', 'backup.', 'mark.archived'],
    },
  },
  {
    id: 'recovery',
    digit: '9',
    title: 'lens.recovery',
    View: RecoveryLens,
    events: ['recovery.', 'token.', 'volume.'],
  },
  {
    id: 'pcs',
    digit: '6',
    title: 'lens.pcs',
    View: PcsLens,
    events: ['raft.', 'pcs.', 'meta.', 'config.', 'agent.'],
    tabs: {
      log: ['raft.', 'pcs.'],
      data: [
        'pcs.model',
        'pcs.order',
        'pcs.idle',
        'meta.',
        'fence.token-',
        'token.',
        'member.',
        'placement.drained',
      ],
      config: ['config.', 'agent.'],
    },
  },
  { id: 'plan', digit: '=', title: 'lens.plan', View: PlanLens },
];

/** Where a value of a result comes from, beside the console. */
export const Provenance = lazy(async () => ({
  default: (await import('./lenses/pages/provenance-list.tsx')).ProvenanceList,
}));
