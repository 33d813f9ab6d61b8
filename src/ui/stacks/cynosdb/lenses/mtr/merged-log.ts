// The groups' logs merged into the volume's (WAL-16): in the order of LSNs each record is taken once its group has it at quorum; the
// first that is not stops the merge, whatever the other groups have behind it. That is where VCL stands. Pure.

import type { MtrModel } from './project.ts';

/** Merged, at or below VCL; what the merge waits for; behind that, at quorum in its own group or not. */
export type MergedPlace = 'in' | 'stop' | 'ready' | 'behind';

export interface MergedRecord {
  readonly lsn: number;
  readonly group: string;
  readonly place: MergedPlace;
}

type Merged = Pick<MtrModel, 'mtrs' | 'groups' | 'vcl' | 'blocked'>;

/** In LSN order, as far as the window shows them; none while the writer knows no VCL. */
export function mergedLog({ mtrs, groups, vcl, blocked }: Merged): readonly MergedRecord[] {
  if (vcl < 0) return [];
  const pgcl = new Map(groups.map((line) => [line.group, line.pgcl]));
  return mtrs.flatMap(({ cells }) =>
    cells.map(({ lsn, group }) => {
      const isReady = lsn <= (pgcl.get(group) ?? -1);
      const place = lsn <= vcl ? 'in' : lsn === blocked?.lsn ? 'stop' : isReady ? 'ready' : 'behind';
      return { lsn, group, place };
    }),
  );
}
