// Every lens that exists: its key, its title and where its code is. The right column, the keys, the palette and the
// captions read this table; a lens that is not in it does not exist. WAL & holes is in the first picture, the others
// load when they are opened.

import { type ComponentType, lazy } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import { WalLens } from './wal/wal-lens.tsx';

export interface LensEntry {
  readonly id: LensId;
  /** Its key on the keyboard, from product design §2. */
  readonly digit: string;
  readonly title: PlainKey;
  readonly View: ComponentType;
}

const ChecksLens = lazy(async () => ({ default: (await import('./checks/checks-lens.tsx')).ChecksLens }));
const MetricsLens = lazy(async () => ({ default: (await import('./metrics/metrics-lens.tsx')).MetricsLens }));
const SpaceTimeLens = lazy(async () => ({
  default: (await import('./space-time/space-time-lens.tsx')).SpaceTimeLens,
}));

const MtrLens = lazy(async () => ({ default: (await import('./mtr/mtr-lens.tsx')).MtrLens }));

const ChainsLens = lazy(async () => ({
  default: (await import('./chains/chains-lens.tsx')).ChainsLens,
}));

const PagesLens = lazy(async () => ({ default: (await import('./pages/pages-lens.tsx')).PagesLens }));

export const lenses: readonly LensEntry[] = [
  { id: 'wal', digit: '1', title: 'lens.wal', View: WalLens },
  { id: 'mtr', digit: '2', title: 'lens.mtr', View: MtrLens },
  { id: 'pages', digit: '4', title: 'lens.pages', View: PagesLens },
  { id: 'spaceTime', digit: '7', title: 'lens.spaceTime', View: SpaceTimeLens },
  { id: 'chains', digit: '8', title: 'lens.chains', View: ChainsLens },
  { id: 'checks', digit: '0', title: 'lens.checks', View: ChecksLens },
  { id: 'metrics', digit: '-', title: 'lens.metrics', View: MetricsLens },
];

export const findLens = (id: string): LensEntry | undefined => lenses.find((lens) => lens.id === id);
