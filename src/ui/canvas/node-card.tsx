// A node's card in its four sizes, composed of the cards of its roles. It subscribes to its own node.

import {
  Check,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Power,
  Snowflake,
  TriangleAlert,
} from 'lucide-react';
import { Fragment, lazy, memo, type ReactNode, Suspense, useContext } from 'react';
import type { NodeFrame } from '../../sim/frame.ts';
import { BranchContext, useFrame, useNode, useOpposite } from '../../state/frame-store.ts';
import { useMapView } from '../../state/map-view.ts';
import { useSelection } from '../../state/selection-store.ts';
import { CopyReproBundle } from '../dialogs/copy-repro-bundle.tsx';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Chip, type Hue, hueStyle } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { Term, TermLabel } from '../kit/term.tsx';
import { countHoles, type Health, healthOf, healthText, pcsStateOf, storeOf } from '../model/node-facts.ts';
import {
  cardMarks,
  loadRoleDetails,
  type ReportedRole,
  reportedRoles,
  roleIcon,
  viewOf,
} from '../model/role-cards.ts';
import { NodeDiff, ValueDiff } from '../time/diff-note.tsx';
import { selectZoom, useFlowStore, type ZoomLevel } from './adapter.ts';
import { cardHeight } from './cluster-layout.ts';
import { drawnStore, isNameCovered } from './map-layout.ts';

const healthHue: Readonly<Record<Health, Hue>> = {
  up: 'ack',
  opening: 'hole',
  down: 'fence',
  frozen: 'wal',
  failed: 'fence',
  refusing: 'fence',
  fenced: 'fence',
  recovering: 'fence',
};

const healthIcon: Readonly<Record<Health, LucideIcon>> = {
  up: Check,
  opening: LoaderCircle,
  down: Power,
  frozen: Snowflake,
  failed: TriangleAlert,
  refusing: TriangleAlert,
  fenced: OctagonX,
  recovering: LoaderCircle,
};

interface CardPart {
  readonly node: NodeFrame;
  readonly health: Health;
  readonly t: Translate;
}

/** The health of a node that is not well; else how each of its roles does, as many as there is room for. */
function Chips({
  node,
  health,
  t,
  most = Number.POSITIVE_INFINITY,
}: CardPart & { most?: number }): ReactNode {
  if (health === 'up')
    return reportedRoles(node)
      .slice(0, most)
      .map(({ card: { role, Chip: RoleChip }, view }) => (
        <RoleChip key={role} node={node} view={view} t={t} />
      ));
  return (
    <Chip hue={healthHue[health]} solid={health === 'fenced'}>
      {health === 'frozen' && <Snowflake size={12} aria-hidden="true" />}
      {healthText(health, t)}
    </Chip>
  );
}

function EngineError({ node, error }: { readonly node: string; readonly error: string }): ReactNode {
  return (
    <div className="flex items-center gap-2">
      <span className="line-clamp-2 min-w-0 flex-1 whitespace-normal text-fence leading-4" title={error}>
        {error}
      </span>
      <CopyReproBundle node={node} detail={error} />
    </div>
  );
}

function Foot({ node, health, t, lead }: CardPart & { readonly lead: ReportedRole | undefined }): ReactNode {
  const pcs = useFrame(({ nodes }) => pcsStateOf(nodes, node.id));
  if (node.armed !== undefined) return <span className="truncate text-fence">{node.armed}</span>;
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

interface RolePartProps {
  readonly part: ReportedRole;
  readonly node: NodeFrame;
  readonly t: Translate;
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

interface CardProps {
  readonly id: string;
  readonly level: ZoomLevel;
}

/** Most nodes whose dots have room for their names. */
const namedDots = 12;

/** Far away a card says health and its first number, and as a dot only in a small cluster who it is: it subscribes to that, not to its node. */
function FarCard({ id, level }: CardProps): ReactNode {
  const health = useFrame(({ nodes }) => (nodes[id] === undefined ? null : healthOf(nodes[id])));
  const Icon = useFrame(({ nodes }) => (nodes[id] === undefined ? null : roleIcon(nodes[id])));
  const hasHoles = useFrame(({ nodes }) => countHoles(storeOf(nodes[id])).holes > 0);
  const isFew = useFrame(({ cluster }) => (cluster?.nodes.length ?? 0) <= namedDots);
  const isCovered = useFlowStore((state) =>
    isNameCovered(drawnStore.getState().boxes, id, selectZoom(state)),
  );
  const isNamed = isFew && !isCovered;
  const t = useT();
  const group = useSelection((state) => state.group);
  const hasMark = level === 'small' || isNamed;
  // One text to compare per picture.
  const text = useFrame(({ nodes }) => {
    const [mark] = hasMark && nodes[id] !== undefined ? cardMarks(nodes[id], t, group) : [];
    return mark === undefined ? '' : `${mark.label}\n${mark.value}`;
  });
  const [label, value] = text.split('\n');
  if (health === null || Icon === null) return null;
  const Glyph = hasHoles && health === 'up' ? TriangleAlert : healthIcon[health];
  const hue: Hue = hasHoles && health === 'up' ? 'hole' : healthHue[health];
  if (level === 'dot')
    return (
      <div className="card-dot" style={hueStyle(hue)}>
        <Glyph size={16} strokeWidth={2} aria-hidden="true" />
        {isNamed && (
          <span className="card-dot-name">
            {id}
            <span className="dot-value mono">{value}</span>
          </span>
        )}
      </div>
    );
  return (
    <div className="card-small card-marked">
      <div className="mark-line">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span>{id}</span>
        <NodeDiff id={id} />
        <Glyph size={16} strokeWidth={2} aria-hidden="true" style={{ color: `var(--${hue})` }} />
      </div>
      <div className="mark-line mark-value">
        <span className="mark-label">{label}</span>
        <span className="mono">{value}</span>
      </div>
    </div>
  );
}

function MidCard(part: CardPart): ReactNode {
  const { node, health, t } = part;
  const Icon = roleIcon(node);
  const group = useSelection((state) => state.group);
  const [mark] = cardMarks(node, t, group);
  return (
    <div className="card-mid" data-health={health}>
      {health === 'down' && <div className="card-hatch" />}
      <div className="flex items-center gap-1.5 whitespace-nowrap">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="flex-1 text-[14px] leading-5 font-semibold">
          {node.id} <NodeDiff id={node.id} />
        </span>
        <Chips {...part} most={2} />
      </div>
      <div className="mt-2 flex justify-between text-[12px] leading-4 text-muted">
        {mark && <TermLabel of={mark.term ?? ''} name={mark.label} rest={mark.of} />}
        <span className={`mono font-semibold ${mark?.alert === true ? 'text-hole' : 'text-text'}`}>
          {mark?.value}
        </span>
      </div>
    </div>
  );
}

const KnownCard = lazy(async () => {
  const [{ KnownCard: component }] = await Promise.all([import('./known-card.tsx'), loadRoleDetails()]);
  return { default: component };
});

/** A card that can be read. */
function NearCard({ id, level }: CardProps): ReactNode {
  const t = useT();
  const node = useNode(id);
  if (node === undefined) return null;
  const part: CardPart = { node, health: healthOf(node), t };
  return level === 'detail' ? <DetailCard {...part} /> : <MidCard {...part} />;
}

export const NodeCard = memo(function NodeCard({ id, level }: CardProps) {
  const pov = useMapView((view) => view.pov);
  const isOther = useContext(BranchContext) === 'other';
  const isNear = level === 'detail' || level === 'mid';
  const own = isNear ? <NearCard id={id} level={level} /> : <FarCard id={id} level={level} />;
  // What a node knows is taken from the shown branch.
  if (pov === null || pov === id || isOther) return own;
  return (
    <Suspense fallback={own}>
      <KnownCard id={id} pov={pov} level={level} />
    </Suspense>
  );
});
