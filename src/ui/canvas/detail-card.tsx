// A node's card at full size, as the field says: all figures of each of its roles. Loaded with the first.

import { Fragment, type ReactNode } from 'react';
import { useFrame, useOpposite } from '../../state/frame-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import { millis } from '../kit/format.ts';
import { Term, TermLabel } from '../kit/term.tsx';
import { countHoles, pcsStateOf, storeOf } from '../model/node-facts.ts';
import { type ReportedRole, reportedRoles, roleIcon, viewOf } from '../model/role-cards.ts';
import { NodeDiff, ValueDiff } from '../time/diff-note.tsx';
import { type CardPart, Chips, EngineError, type RolePartProps } from './card-parts.tsx';
import { cardHeight } from './cluster-layout.ts';

function Foot({ node, health, t, lead }: CardPart & { readonly lead: ReportedRole | undefined }): ReactNode {
  const pcs = useFrame(({ nodes }) => pcsStateOf(nodes, node.id));
  if (node.armed !== undefined)
    return (
      <span className="truncate text-fence" title={node.armed}>
        {node.armed}
      </span>
    );
  const isGone = health === 'down' || health === 'frozen';
  if (!isGone && pcs === null) return lead && <lead.card.Foot node={node} view={lead.view} t={t} />;
  const time = millis(node.since);
  const since = isGone ? t(health === 'down' ? 'card.downSince' : 'card.frozenSince', { time }) : null;
  const note = health === 'down' ? lead?.card.downNote?.(lead.view, t) : undefined;
  return (
    <>
      {since !== null && (
        <span className="min-w-0 truncate" title={since}>
          {since}
        </span>
      )}
      <span className="flex-1" />
      {pcs === null ? (
        note !== undefined && <span>{note}</span>
      ) : (
        <Term of="nodeState">{t('card.pcsState', { state: t(`nodeState.${pcs}`) })}</Term>
      )}
    </>
  );
}

/** Watermarks of a role, each beside the other branch's while two are compared; Tab goes from the card to their names. */
function Marks({ part: { card, view }, node, t }: RolePartProps): ReactNode {
  const other = useOpposite(({ nodes }) => nodes[node.id]);
  const there = other === undefined ? null : viewOf(other, card.role);
  const group = useSelection((state) => state.group);
  const otherMarks = there === null ? null : card.marks(there, t, group);
  return card.marks(view, t, group).map(({ label, term = '', of, value, alert }) => (
    <div key={label}>
      <u>
        <TermLabel of={term} name={label} rest={of} />
      </u>
      <span className={alert === true ? 'text-hole' : ''}>{value}</span>
      <ValueDiff value={value} there={otherMarks?.find((mark) => mark.label === label)?.value} />
    </div>
  ));
}

/** Marks and body of each role; in place of the bodies why the engine stopped, when it has. */
function Rows({ node, t }: CardPart): ReactNode {
  const roles = reportedRoles(node);
  const shown = node.error === null ? roles : roles.slice(0, 1);
  if (shown.length > 0)
    return shown.map((part) => (
      <Fragment key={part.card.role}>
        <div className="card-marks">
          <Marks part={part} node={node} t={t} />
        </div>
        <div className="card-body">
          {node.error === null ? (
            <part.card.Body node={node} view={part.view} t={t} />
          ) : (
            <EngineError node={node.id} error={node.error} />
          )}
        </div>
      </Fragment>
    ));
  return (
    <>
      <div className="card-marks" />
      <div className="card-body">
        {node.error === null ? (
          <span className="text-muted">{t('card.nothingWaits')}</span>
        ) : (
          <EngineError node={node.id} error={node.error} />
        )}
      </div>
    </>
  );
}

/** One head and one foot; between them a row for each role, smaller where there are several. */
export function DetailCard(part: CardPart): ReactNode {
  const { node, health, t } = part;
  const Icon = roleIcon(node);
  const roles = reportedRoles(node);
  return (
    <div
      className="card"
      data-health={health}
      data-alert={countHoles(storeOf(node)).holes > 0}
      data-several={roles.length > 1}
      style={{ height: cardHeight(node) }}
    >
      <div className="card-head">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="card-id">{node.id}</span>
        <NodeDiff id={node.id} />
        <Chips {...part} />
        <span className="flex-1" />
        {roles.map(({ card: { role, Alert, Note }, view }) => {
          const Right = Alert ?? (roles.length === 1 ? Note : undefined);
          return Right && <Right key={role} node={node} view={view} t={t} />;
        })}
      </div>
      <Rows {...part} />
      {health === 'down' && <div className="card-hatch" />}
      <div className="card-foot">
        <Foot {...part} lead={roles[0]} />
      </div>
    </div>
  );
}
