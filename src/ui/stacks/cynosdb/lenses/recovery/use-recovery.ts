// The recovery that the looked-at picture has, as a model: asked for by the lens and by WAL & holes.

import { useMemo } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { projectRecovery, type RecoveryModel } from './project.ts';

const none = [] as const;

/** Null: there is none, or no picture yet. `chosen`: the beginning of the outage to show. */
export function useRecovery(chosen: number | null = null): RecoveryModel | null {
  const source = useLensSource();
  const outages = useFrame(({ frame }) => frame?.outages ?? none);
  const waits = useFrame(({ frame }) => frame?.waits ?? none);
  // Once it is over its times stand: nothing is drawn anew as time goes on.
  const now = useFrame(({ frame }) =>
    frame === null || frame.outages.every(({ firstCommitAt }) => firstCommitAt !== null) ? 0 : frame.time,
  );
  const { cluster, nodes } = source ?? {};
  return useMemo(
    () =>
      cluster === undefined || nodes === undefined
        ? null
        : projectRecovery({ cluster, nodes, outages, waits, now }, chosen),
    [cluster, nodes, outages, waits, now, chosen],
  );
}
