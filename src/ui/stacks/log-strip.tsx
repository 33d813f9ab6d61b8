// How far the log of a writer is safe, or that of a reader seen, as a strip of its newest LSNs on a plain card.

import { type ReactNode, useContext } from 'react';
import { type RunKind, RunShape } from '../glyphs/run-shape.tsx';
import { CardRoom } from '../kit/card-room.ts';

/** LSNs that a strip shows at least. */
export const spanLsns = 32;

/** Where a strip ends whose newest LSN this is. */
export const endOf = (tail: number): number => Math.ceil((tail + 4) / 4) * 4;

/** Of a plain card, px. */
export const plainHeight = 14;

interface LogStripProps {
  /** Everything up to this LSN is safe, or seen. */
  readonly safe: number;
  /** Newest that it has, or knows of. */
  readonly last: number;
  /** How what is above `safe` is drawn. */
  readonly rest: RunKind;
}

/** The newest LSNs of a log: those that are safe, and those above. */
export function LogStrip({ safe, last, rest }: LogStripProps): ReactNode {
  const width = useContext(CardRoom);
  const end = endOf(Math.max(safe, last));
  const first = Math.max(0, end - spanLsns);
  const scale = width / spanLsns;
  const at = (lsn: number): number => Math.max(0, (lsn - first) * scale);
  const seen = at(safe + 1);
  const all = at(last + 1);
  return (
    <svg width={width} height={plainHeight} aria-hidden="true">
      {seen > 0 && <RunShape kind="data" x={0} y={0} width={seen} height={plainHeight} />}
      {all > seen && <RunShape kind={rest} x={seen} y={0} width={all - seen} height={plainHeight} />}
      {width > all && <RunShape kind="end" x={all} y={0} width={width - all} height={plainHeight} />}
    </svg>
  );
}
