// The marks of a comparison, on cards and values: a sign and the other strand's value, drawn only while two strands are
// compared and `D` shows their difference.

import type { ReactNode } from 'react';
import { useNode, useOpposite } from '../../state/frame-store.ts';
import { useStrands } from '../../state/strand-store.ts';
import { type Mark, markHues, markOf } from './diff.ts';

export function MarkSign({ mark }: { readonly mark: Mark }): ReactNode {
  return (
    <b className="mono" data-diff={mark} style={{ color: markHues[mark] }}>
      {mark}
    </b>
  );
}

/** Beside a node's name. */
export function NodeDiff({ id }: { readonly id: string }): ReactNode {
  const isOn = useStrands(({ showsDiff, other }) => showsDiff && other !== null);
  const here = useNode(isOn ? id : '');
  const there = useOpposite(({ nodes }) => nodes[id]);
  return isOn ? <MarkSign mark={markOf(here, there)} /> : null;
}

/** Behind a value that the other strand has too: nothing when it is the same. */
export function ValueDiff({
  value,
  there,
}: {
  readonly value: string | number;
  readonly there: string | number | undefined;
}): ReactNode {
  const isOn = useStrands(({ showsDiff, other }) => showsDiff && other !== null);
  if (!isOn || there === undefined || there === value) return null;
  return (
    <small className="mono ml-1 whitespace-nowrap" data-diff="Δ" style={{ color: markHues.Δ }}>
      {`Δ ${there}`}
    </small>
  );
}
