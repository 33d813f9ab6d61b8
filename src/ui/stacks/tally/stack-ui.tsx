// What the tally adds to the page: the card of its role, and its lens, which loads when it is opened.

import { Sigma } from 'lucide-react';
import { lazy } from 'react';
import type { TallyView } from '../../../stacks/tally/trace.ts';
import type { RoleCard, StackUi } from '../stack-ui.ts';
import '../../../words/tally/role.en.json';

// #region lens-id
declare module '../../../state/settings-store.ts' {
  interface LensIds {
    tally: true;
  }
}
// #endregion

const TallyLens = lazy(async () => ({ default: (await import('./tally-lens.tsx')).TallyLens }));

const nothing = (): null => null;

// #region card
const tallyCard: RoleCard<TallyView> = {
  role: 'tally',
  icon: Sigma,
  place: 'lower',
  layer: 'storage',
  name: (_, t) => t('role.tally'),
  marks: () => [],
  Chip: nothing,
  Body: ({ view: { total } }) => <span className="mono">Σ {total}</span>,
  Foot: nothing,
  details: async () => ({ role: 'tally', words: ({ total }) => [`Σ ${total}`] }),
};
// #endregion

// #region ui
export const tallyUi: StackUi = {
  id: 'tally',
  cards: [tallyCard],
  lenses: [{ id: 'tally', digit: '2', title: 'lens.tally', View: TallyLens, events: ['tally.'] }],
};
// #endregion
