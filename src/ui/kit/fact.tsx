// A fact as a line: its name and its value, of a definition list or of a card.

import type { ReactNode } from 'react';
import { Term, worded } from './term.tsx';

export interface FactProps {
  readonly label: string;
  /** Key of the term that explains it. */
  readonly term?: string;
  readonly children: ReactNode;
}

export function Fact({ label, children }: FactProps): ReactNode {
  return (
    <>
      <dt>{worded(label)}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Name and value at the two ends of a line of a card. */
export function Pair({ label, term, children }: FactProps): ReactNode {
  return (
    <div className="flex justify-between gap-2">
      <span className="min-w-0 truncate text-muted" title={label}>
        {term === undefined ? label : <Term of={term}>{label}</Term>}
      </span>
      <span className="mono">{children}</span>
    </div>
  );
}
