// The volume's and the group's watermarks as outputs with names, and those of each replica for who listens.

import type { ReactNode } from 'react';
import { useOpposite } from '../../../state/frame-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import { computeOf } from '../../model/node-facts.ts';
import { ValueDiff } from '../../time/diff-note.tsx';
import type { ReplicaRow, WalModel } from './project.ts';

interface MarkProps {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly note: string;
  /** In the strand that this one is compared with. */
  readonly there?: number | undefined;
}

function Mark({ name, label, value, note, there }: MarkProps): ReactNode {
  return (
    <div>
      <u>{label}</u>
      <output aria-live="off" aria-label={name} data-value={value}>
        {groupDigits(value)}
      </output>
      <ValueDiff value={value} there={there} />
      <s title={note}>{value < 0 ? '\u00a0' : note}</s>
    </div>
  );
}

export function Marks({ model }: { readonly model: WalModel }): ReactNode {
  const t = useT();
  const { volume, group, vdl, vcl, pgcl, sgcl, tail, lal } = model;
  const other = computeOf(
    useOpposite(({ nodes }) => Object.values(nodes).find(({ roles }) => roles.includes('compute'))),
  );
  const of = (mark: string, what: string): string => t('watermark.of', { mark, what });
  return (
    <div className="marks">
      <Mark
        name={of('VDL', volume)}
        label="VDL"
        value={vdl}
        there={other?.vdl}
        note={t('lens.acked', { count: model.commits })}
      />
      <Mark name={of('VCL', volume)} label="VCL" value={vcl} there={other?.vcl} note={t('lens.atQuorum')} />
      <Mark
        name={of('PGCL', group)}
        label={`PGCL ${group}`}
        value={pgcl}
        there={other?.groups.find((one) => one.group === group)?.pgcl}
        note={t('lens.nthScl', { nth: model.quorum.vw, of: model.quorum.replicas })}
      />
      <Mark name={of('SGCL', group)} label={`SGCL ${group}`} value={sgcl} note="= PGCL" />
      <Mark
        name={of('tail', volume)}
        label={t('mark.tail')}
        value={tail}
        there={other?.tail}
        note={t('lens.aboveVdl', { count: Math.max(0, tail - vdl) })}
      />
      <Mark
        name={of('LAL', volume)}
        label={t('lens.lalLimit')}
        value={model.lalLimit}
        note={`VDL + ${lal}`}
      />
    </div>
  );
}

export function ReplicaOutputs({
  rows,
  group,
}: {
  readonly rows: readonly ReplicaRow[];
  readonly group: string;
}): ReactNode {
  const t = useT();
  return (
    <div className="visually-hidden">
      {rows.flatMap((row) =>
        (['scl', 'ncl', 'nwl'] as const).map((key) => (
          <output
            key={`${row.node}${key}`}
            aria-live="off"
            aria-label={t('watermark.of', { mark: key.toUpperCase(), what: row.node })}
            data-group={group}
          >
            {row[key]}
          </output>
        )),
      )}
    </div>
  );
}
