// Before the word of a switch: a tick, or an empty box, so that what is off is no gap.

import { Check, Square } from 'lucide-react';
import type { ReactNode } from 'react';

export const FollowMark = ({ on }: { readonly on: boolean }): ReactNode =>
  on ? (
    <Check size={16} strokeWidth={1.75} aria-hidden="true" />
  ) : (
    <Square size={16} strokeWidth={1.5} aria-hidden="true" className="text-muted" />
  );
