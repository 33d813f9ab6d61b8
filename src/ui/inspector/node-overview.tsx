// With nothing selected: every node in a line, its health and its first number; choosing one inspects it.

import type { LucideIcon } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useCluster, useNode } from '../../state/frame-store.ts';
import { selectNode, useSelection } from '../../state/selection-store.ts';
import { openMenuAt } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { TermLabel } from '../kit/term.tsx';
import { countHoles, healthOf, healthText, storeOf } from '../model/node-facts.ts';
import { cardMarks, roleIcon } from '../model/role-cards.ts';
import '../../words/inspector.en.json';

interface NameProps {
  readonly id: string;
  readonly Icon: LucideIcon;
}

const NodeName = memo(function NodeName({ id, Icon }: NameProps): ReactNode {
  return (
    <td>
      <button
        type="button"
        className="flex min-h-6 items-center gap-2 font-semibold underline-offset-2 hover:underline"
        onClick={() => selectNode(id)}
        onContextMenu={(event) => {
          event.preventDefault();
          openMenuAt({ kind: 'node', id }, { x: event.clientX, y: event.clientY });
        }}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        {id}
      </button>
    </td>
  );
});

/** A line subscribes to its own node: with fifty of them most stand still in any picture. */
const NodeLine = memo(function NodeLine({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const node = useNode(id);
  const group = useSelection((state) => state.group);
  if (node === undefined) return null;
  const health = healthOf(node);
  const { holes } = countHoles(storeOf(node));
  const marks = cardMarks(node, t, group);
  return (
    <tr className="node-line">
      <NodeName id={node.id} Icon={roleIcon(node)} />
      <td className={health === 'up' ? '' : 'font-semibold text-fence'}>{healthText(health, t)}</td>
      <td className="text-hole">{holes > 0 ? t('holes.count', { count: holes }) : ''}</td>
      {[0, 1, 2].map((i) => {
        const mark = marks[i];
        return (
          <td key={i} className="n">
            {mark !== undefined && (
              <>
                <span className="text-muted">
                  <TermLabel of={mark.term ?? ''} name={mark.label} rest={mark.of} />
                </span>{' '}
                {mark.value}
              </>
            )}
          </td>
        );
      })}
    </tr>
  );
});

export function NodeOverview(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  return (
    <div className="@container contain-strict min-h-0 flex-1 overflow-y-auto px-4 py-3">
      <p className="pb-2 text-muted">{t('inspector.empty')}</p>
      <table className="data-table node-lines" aria-label={t('menu.nodes')}>
        <tbody>
          {cluster?.nodes.map(({ id }) => (
            <NodeLine key={id} id={id} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
