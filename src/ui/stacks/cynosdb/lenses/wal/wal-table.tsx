// The table beside the plot: the accessible equivalent, and what the table switch shows. One row per range.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { rangeText } from '../../../../kit/format.ts';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { runName, runStateText } from './describe.ts';
import type { WalModel } from './model.ts';

/** Ranges listed per replica; the plot shows the rest. */
const rangeLimit = 60;

interface TableProps {
  readonly model: WalModel;
  readonly shown: boolean;
  /** What the filter and the selection leave in. */
  readonly isShown: (node: string, first: number, end: number) => boolean;
}

export function WalTable({ model, shown, isShown }: TableProps): ReactNode {
  const t = useT();
  return (
    <TableBeside
      label={t('lens.tableOf', { group: model.group })}
      shown={shown}
      box="max-h-72 overflow-y-auto"
      rows={() =>
        model.rows.flatMap(({ node, runs }) =>
          runs
            .filter((run) => run.kind !== 'end' && isShown(node, run.first, run.end))
            .slice(-rangeLimit)
            .map((run) => ({ node, run })),
        )
      }
      keyOf={({ node, run }) => `${node}${run.kind}${run.first}`}
      attributes={({ node, run }) => ({
        'aria-label': runName(node, run, t),
        'data-hover': hoverKey(
          run.request === null ? { kind: 'node', id: node } : { kind: 'request', node, id: run.request },
        ),
      })}
      columns={[
        [t('lens.replica'), ({ node }) => node],
        [t('lens.range'), ({ run }) => rangeText(run.first, run.end), 'mono'],
        [
          t('lens.state'),
          ({ run }) => runStateText(run, t),
          ({ run }) => (run.kind === 'hole' || run.kind === 'sent' ? 'text-hole' : ''),
        ],
        [t('lens.request'), ({ run }) => run.request ?? '', 'mono'],
      ]}
    />
  );
}
