// The volume's and the group's watermarks as outputs with names, and those of each replica for who listens.

import type { ReactNode } from 'react';
import { useOpposite } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { useAckedNote } from '../../../../lens/acked-note.ts';
import { Figure } from '../../../../lens/section.tsx';
import { computeOf } from '../../../../model/node-facts.ts';
import { ValueDiff } from '../../../../time/diff-note.tsx';
import { aboveText, vdlNote } from './log-notes.ts';
import type { ReplicaRow, WalModel } from './model.ts';

export function Watermarks({ model }: { readonly model: WalModel }): ReactNode {
  const t = useT();
  const acked = useAckedNote();
  const { volume, group, writer, vdl, vcl, pgcl, sgcl, tail, base, lal } = model;
  const recovering = writer?.state === 'recovering' ? { node: writer.node, vdl } : null;
  const other = computeOf(
    useOpposite(({ nodes }) => Object.values(nodes).find(({ roles }) => roles.includes('compute'))),
  );
  const figures = [
    ['VDL', volume, 'VDL', vdl, vdlNote(recovering, acked, t), other?.vdl],
    ['VCL', volume, 'VCL', vcl, t('lens.atQuorum'), other?.vcl],
    [
      'PGCL',
      group,
      `PGCL ${group}`,
      pgcl,
      t('lens.nthScl', { nth: model.quorum.vw, of: model.quorum.replicas }),
      other?.groups.find((one) => one.group === group)?.pgcl,
    ],
    ['SGCL', group, `SGCL ${group}`, sgcl, t('lens.samePgcl'), undefined],
    [
      'tail',
      volume,
      t('mark.tail'),
      tail,
      aboveText(model, Math.max(0, tail - Math.max(vdl, base)), t),
      other?.tail,
    ],
    ['LAL', volume, t('lens.lalLimit'), model.lalLimit, aboveText(model, lal, t), undefined],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([mark, what, label, value, note, there]) => (
        <Figure
          key={mark}
          label={label}
          term={mark.toLowerCase()}
          of={what === group ? group : ''}
          name={t('watermark.of', { mark, what })}
          value={value}
          note={note}
        >
          {/* Beside the value of the branch that this one is compared with. */}
          <ValueDiff value={value} there={there} />
        </Figure>
      ))}
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
