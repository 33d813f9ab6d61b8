// Difference signs on cards and values: a sign and the other branch's value, drawn only while two branches are
// compared and `D` shows their difference.

import type { ReactNode } from 'react';
import { useBranches } from '../../state/branch-store.ts';
import { useNode, useOpposite } from '../../state/frame-store.ts';
import { type DiffSign, signHues, signOf } from './diff.ts';

export function DiffSignText({ sign }: { readonly sign: DiffSign }): ReactNode {
  return (
    <b className="mono" data-diff={sign} style={{ color: signHues[sign] }}>
      {sign}
    </b>
  );
}

/** Beside a node's name. */
export function NodeDiff({ id }: { readonly id: string }): ReactNode {
  const isOn = useBranches(({ showsDiff, other }) => showsDiff && other !== null);
  const here = useNode(isOn ? id : '');
  const there = useOpposite(({ nodes }) => nodes[id]);
  return isOn ? <DiffSignText sign={signOf(here, there)} /> : null;
}

/** Behind a value that the other branch has too: nothing when it is the same. */
export function ValueDiff({
  value,
  there,
}: {
  readonly value: string | number;
  readonly there: string | number | undefined;
}): ReactNode {
  const isOn = useBranches(({ showsDiff, other }) => showsDiff && other !== null);
  if (!isOn || there === undefined || there === value) return null;
  return (
    <small className="mono ml-1 whitespace-nowrap" data-diff="Δ" style={{ color: signHues.Δ }}>
      {`Δ ${there}`}
    </small>
  );
}
