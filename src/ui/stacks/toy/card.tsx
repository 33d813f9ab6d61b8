// The counter of the test world on the map: nothing but its name.

import { BookOpen } from 'lucide-react';
import type { ToyView } from '../../../stacks/toy/trace.ts';
import type { RoleCard } from '../stack-ui.ts';
import '../../../words/toy/role.en.json';

const nothing = (): null => null;

export const toyCard: RoleCard<ToyView> = {
  role: 'toy',
  icon: BookOpen,
  place: 'lower',
  layer: 'control',
  name: (_, t) => t('role.toy'),
  marks: () => [],
  Chip: nothing,
  Body: ({ t }) => <span className="text-muted">{t('card.nothingWaits')}</span>,
  Foot: nothing,
  details: async () => ({ role: 'toy', words: ({ counter }) => [String(counter)] }),
};
