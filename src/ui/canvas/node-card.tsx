// A node's card: whole, as much of it as fits, or a dot; composed of the cards of its roles. It subscribes to its own node.

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
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { BranchContext, useFrame, useNode, useOpposite } from '../../state/frame-store.ts';
import { useMapView } from '../../state/map-view.ts';
import { useSelection } from '../../state/selection-store.ts';
import { CopyReproBundle } from '../dialogs/copy-repro-bundle.tsx';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Chip, type Hue, hueStyle } from '../kit/button.tsx';
import { CardRoom, fitSides } from '../kit/card-room.ts';
import { millis } from '../kit/format.ts';
import { Term, TermLabel, useLabel } from '../kit/term.tsx';
import {
  type CardMark,
  countHoles,
  type Health,
  healthOf,
  healthText,
  pcsStateOf,
  storeOf,
} from '../model/node-facts.ts';
import {
  cardMarks,
  loadRoleDetails,
  type ReportedRole,
  reportedRoles,
  roleIcon,
  viewOf,
} from '../model/role-cards.ts';
import { NodeDiff, ValueDiff } from '../time/diff-note.tsx';
import { selectZoom, useFlowStore } from './adapter.ts';
import { cardHeight } from './cluster-layout.ts';
import { type CardProps, chipFits, fitLine, headMarks, linesOf } from './fit-lines.ts';
import { drawnStore, namePlace } from './map-layout.ts';

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

type Size = Pick<CardProps, 'width' | 'height'>;

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

/** Most nodes whose dots have room for their names. */
const namedDots = 12;

/**
 * Far away a card says health, and in a small cluster who it is and its first number: it subscribes to that, not to its node. In a
 * large one its name stands there while it is pointed at or has the focus.
 */
function DotCard({ id }: Pick<CardProps, 'id'>): ReactNode {
  const health = useFrame(({ nodes }) => (nodes[id] === undefined ? null : healthOf(nodes[id])));
  const hasHoles = useFrame(({ nodes }) => countHoles(storeOf(nodes[id])).holes > 0);
  const isFew = useFrame(({ cluster }) => (cluster?.nodes.length ?? 0) <= namedDots);
  const place = useFlowStore((state) => namePlace(drawnStore.getState().boxes, id, selectZoom(state)));
  const isNamed = isFew && place !== null;
  const hasValue = isNamed && place === 'below';
  const t = useT();
  const group = useSelection((state) => state.group);
  const value = useFrame(({ nodes }) => {
    const [mark] = hasValue && nodes[id] !== undefined ? cardMarks(nodes[id], t, group) : [];
    return mark?.value ?? '';
  });
  if (health === null) return null;
  const { Glyph, hue } = faceOf(health, hasHoles);
  return (
    <div className="card-dot" style={hueStyle(hue)}>
      <Glyph size={16} strokeWidth={2} aria-hidden="true" />
      <span className="card-dot-name" data-asked={!isNamed} data-beside={isNamed && place === 'beside'}>
        {id}
        {hasValue && <span className="dot-value mono">{value}</span>}
      </span>
    </div>
  );
}

function faceOf(health: Health, hasHoles: boolean): { readonly Glyph: LucideIcon; readonly hue: Hue } {
  return hasHoles && health === 'up'
    ? { Glyph: TriangleAlert, hue: 'hole' }
    : { Glyph: healthIcon[health], hue: healthHue[health] };
}

/** From this width on there is a chip beside the name, and from the second on two. */
const chipWidths = [148, 176] as const;
/** Lines of a role's body. */
const bodyLines = 2;

const MarkLine = memo(function MarkLine({ label, term = '', of, value, alert }: CardMark): ReactNode {
  return (
    <div className="fit-mark">
      <span title={useLabel(term, label, of)}>
        <TermLabel of={term} name={label} rest={of} />
      </span>
      <b className={alert === true ? 'text-hole' : ''}>{value}</b>
    </div>
  );
});

/** First a watermark, then the body, then further watermarks, as many as there are lines. */
function FitRole({
  part: { card, view },
  node,
  t,
  lines,
}: RolePartProps & { readonly lines: number }): ReactNode {
  const group = useSelection((state) => state.group);
  if (lines === 0) return null;
  const body = Math.min(bodyLines, lines - 1);
  const [first, ...more] = card.marks(view, t, group).slice(0, lines - body);
  return (
    <>
      {first && <MarkLine {...first} />}
      {body > 0 && (
        <div className="fit-body" data-lines={body} style={{ height: body * fitLine }}>
          <card.Body node={node} view={view} t={t} />
        </div>
      )}
      {more.map((mark) => (
        <MarkLine key={mark.label} {...mark} />
      ))}
    </>
  );
}

interface HeadProps {
  readonly id: string;
  /** Of its role, and how it is. */
  readonly Icon: LucideIcon;
  readonly Glyph: LucideIcon;
  readonly hue: Hue;
  readonly isUp: boolean;
  /** px */
  readonly room: number;
  /** In place of the second mark. */
  readonly chips: ReactNode;
}

/** Most pictures change nothing in it. */
const FitHead = memo(function FitHead({ id, Icon, Glyph, hue, isUp, room, chips }: HeadProps): ReactNode {
  const [first, second] = headMarks(room, id, isUp);
  const mark = <Glyph size={16} strokeWidth={2} aria-hidden="true" style={{ color: `var(--${hue})` }} />;
  return (
    <div className="fit-head">
      {first === 'role' ? <Icon size={16} strokeWidth={1.75} aria-hidden="true" /> : mark}
      <span className="fit-name" title={id}>
        {id}
      </span>
      <NodeDiff id={id} />
      {chips ?? (second === 'state' ? mark : null)}
    </div>
  );
});

/** Fills its room with as much of the card as it has lines for, in type of full size. */
function FitCard({ node, health, t, width, height }: CardPart & Size): ReactNode {
  const roles = reportedRoles(node);
  const isUp = health === 'up';
  const room = width - fitSides;
  const hasRoom = isUp || chipFits(room, node.id, healthText(health, t));
  const chips = hasRoom ? chipWidths.filter((least) => width >= least).length : 0;
  const lines = linesOf(height, roles.length);
  return (
    <div className="card-fit" data-health={health} style={{ width, height }}>
      {health === 'down' && <div className="card-hatch" />}
      <FitHead
        id={node.id}
        Icon={roleIcon(node)}
        {...faceOf(health, countHoles(storeOf(node)).holes > 0)}
        isUp={isUp}
        room={room}
        chips={chips > 0 ? <Chips node={node} health={health} t={t} most={chips} /> : null}
      />
      {node.error === null ? (
        <CardRoom value={room}>
          {roles.map((part, i) => (
            <FitRole key={part.card.role} part={part} node={node} t={t} lines={lines[i] ?? 0} />
          ))}
        </CardRoom>
      ) : (
        <EngineError node={node.id} error={node.error} />
      )}
    </div>
  );
}

const KnownCard = lazy(async () => {
  const [{ KnownCard: component }] = await Promise.all([import('./known-card.tsx'), loadRoleDetails()]);
  return { default: component };
});

/** A card that can be read. */
function NearCard({ id, level, ...size }: CardProps): ReactNode {
  const t = useT();
  const node = useNode(id);
  if (node === undefined) return null;
  const part: CardPart = { node, health: healthOf(node), t };
  return level === 'detail' ? <DetailCard {...part} /> : <FitCard {...part} {...size} />;
}

export const NodeCard = memo(function NodeCard({ id, level, width, height }: CardProps) {
  const pov = useMapView((view) => view.pov);
  const isOther = useContext(BranchContext) === 'other';
  const own =
    level === 'dot' ? <DotCard id={id} /> : <NearCard id={id} level={level} width={width} height={height} />;
  // What a node knows is taken from the shown branch.
  if (pov === null || pov === id || isOther) return own;
  return (
    <Suspense fallback={own}>
      <KnownCard id={id} pov={pov} level={level} width={width} height={height} />
    </Suspense>
  );
});
