// A fact as a line: its name and its value, of a definition list or of a card.

import type { ReactNode } from 'react';

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Fact({ label, children }: FactProps): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Name and value at the two ends of a line of a card. */
export function Pair({ label, children }: FactProps): ReactNode {
  return (
    <div className="flex justify-between gap-2">
      <span className="text-muted">{label}</span>
      <span className="mono">{children}</span>
    </div>
  );
}
