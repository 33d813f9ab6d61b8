// A node's card: whole, as much of it as fits, or a dot; composed of the cards of its roles. It subscribes to its own node.

import { type LucideIcon, TriangleAlert } from 'lucide-react';
import { createContext, lazy, memo, type ReactNode, Suspense, useContext } from 'react';
import { useStore } from 'zustand';
import { BranchContext, useFrame, useNode } from '../../state/frame-store.ts';
import { useMapView } from '../../state/map-view.ts';
import { useSelection } from '../../state/selection-store.ts';
import { useWording } from '../../state/wording.ts';
import { useT } from '../i18n/i18n.ts';
import { type Hue, hueStyle } from '../kit/button.tsx';
import { CardRoom, fitSides } from '../kit/card-room.ts';
import { labelOf, Term, TermLabel } from '../kit/term.tsx';
import { followedPage } from '../model/followed-page.ts';
import {
  type CardMark,
  countHoles,
  type Health,
  healthOf,
  healthText,
  storeOf,
} from '../model/node-facts.ts';
import { cardMarks, loadRoleDetails, reportedRoles, roleIcon, roleNames } from '../model/role-cards.ts';
import { NodeDiff } from '../time/diff-note.tsx';
import { selectZoom, useFlowStore } from './adapter.ts';
import {
  type CardPart,
  Chips,
  EngineError,
  healthHue,
  healthIcon,
  type RolePartProps,
} from './card-parts.tsx';
import {
  type CardProps,
  chipFits,
  figureLines,
  fitLine,
  headMarks,
  linesOf,
  marksBelow,
  stripsBelow,
} from './fit-lines.ts';
import { drawnStore, namePlace } from './map-layout.ts';

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
      <span title={labelOf(term, label, of)}>
        <TermLabel of={term} name={label} rest={of} />
      </span>
      <b className={alert === true ? 'text-hole' : ''}>{value}</b>
    </div>
  );
});

type Size = Pick<CardProps, 'width' | 'height'>;

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

/** A card that is selected grows by its further figures; from this zoom on each has those that have room. */
const nearZoom = 1.2;

const useIsSelected = (id: string): boolean => useSelection(({ nodes }) => nodes.includes(id));

/** A page that is followed has a line on each card. */
function useIsPlain(): boolean {
  const isPlain = useWording() === 'plain';
  const isFollowed = useStore(followedPage, ({ page }) => page !== null);
  return isPlain && !isFollowed;
}

/** Of the leading role one figure after its words; below it what the node has of each role, and further figures in plain words too. */
function PlainRole({
  part: { card, view },
  node,
  t,
  height,
}: RolePartProps & { readonly height: number }): ReactNode {
  const group = useSelection((state) => state.group);
  const room = useContext(CardRoom);
  const roles = reportedRoles(node);
  const isSelected = useIsSelected(node.id);
  const isNear = useFlowStore((state) => selectZoom(state) >= nearZoom);
  const mark = card.plain?.(view, t, group);
  if (mark === undefined) return null;
  const { label, value, term = '', alert } = mark;
  const lines = figureLines(room, height, `${label} ${value}`);
  const marks = card.marks(view, t, group);
  const further = marks.map((one) => `${labelOf(one.term ?? '', one.label, one.of)} ${one.value}`);
  const strips = roles.slice(0, stripsBelow(height, Math.max(1, lines)));
  const most = isNear ? marksBelow(height, Math.max(1, lines), strips.length) : 0;
  const more = marks.slice(1, isSelected ? undefined : 1 + most);
  return (
    <>
      <div className="plain-figure" title={further.join('\n')}>
        {lines > 0 && <Term of={term}>{label}</Term>}
        {lines > 0 && ' '}
        <b className={alert === true ? 'text-hole' : ''}>{value}</b>
      </div>
      {strips.map(({ card: { role, Strip }, view: own }) =>
        Strip === undefined ? null : (
          <div key={role} className="plain-strip">
            <Strip node={node} view={own} t={t} />
          </div>
        ),
      )}
      {more.map((one) => (
        <MarkLine key={one.label} {...one} />
      ))}
    </>
  );
}

interface HeadProps {
  readonly id: string;
  /** Of its role, and how it is. */
  readonly Icon: LucideIcon;
  /** Null: it has not begun. */
  readonly Glyph: LucideIcon | null;
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
  const mark = Glyph !== null && (
    <Glyph size={16} strokeWidth={2} aria-hidden="true" style={{ color: `var(--${hue})` }} />
  );
  return (
    <div className="fit-head">
      {first === 'role' && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
      {first === 'state' && mark}
      <span className="fit-name" title={id}>
        {id}
      </span>
      <NodeDiff id={id} />
      {chips ?? (second === 'state' ? mark : null)}
    </div>
  );
});

/** What is known of a node by its layout alone: what it will be, in words, and its icon. Null: only its roles are. */
export const LaidOut = createContext<
  ((id: string) => { readonly words: string; readonly Icon: LucideIcon | null }) | null
>(null);

/** Fills its room with as much of the card as it has lines for, in type of full size. */
function FitCard({ node, health, t, width, height }: CardPart & Size): ReactNode {
  const roles = reportedRoles(node);
  const isUp = health === 'up';
  const room = width - fitSides;
  const hasRoom = isUp || chipFits(room, node.id, healthText(health, t));
  const isPlain = useIsPlain();
  const isSelected = useIsSelected(node.id);
  const chips = hasRoom ? chipWidths.filter((least) => width >= least).length : 0;
  const lines = linesOf(height, roles.length);
  const [lead] = roles;
  const laidOut = useContext(LaidOut)?.(node.id);
  return (
    <div
      className={isPlain ? 'card-fit card-plain' : 'card-fit'}
      data-health={health}
      style={{ width, [isPlain && isSelected ? 'minHeight' : 'height']: height }}
    >
      {health === 'down' && <div className="card-hatch" />}
      <FitHead
        id={node.id}
        Icon={laidOut?.Icon ?? roleIcon(node)}
        {...faceOf(health, countHoles(storeOf(node)).holes > 0)}
        {...(isUp && node.view === null ? { Glyph: null } : {})}
        isUp={isUp}
        room={room}
        chips={chips > 0 ? <Chips node={node} health={health} t={t} most={chips} /> : null}
      />
      {node.error === null ? (
        <CardRoom value={room}>
          {lead === undefined && (
            <div className="text-[13px] leading-4 text-muted">{laidOut?.words ?? roleNames(node, t)}</div>
          )}
          {isPlain && lead?.card.plain !== undefined ? (
            <PlainRole part={lead} node={node} t={t} height={height} />
          ) : (
            roles.map((part, i) => (
              <FitRole key={part.card.role} part={part} node={node} t={t} lines={lines[i] ?? 0} />
            ))
          )}
        </CardRoom>
      ) : (
        <EngineError node={node.id} error={node.error} />
      )}
    </div>
  );
}

const DetailCard = lazy(async () => ({ default: (await import('./detail-card.tsx')).DetailCard }));

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
  const fit = <FitCard {...part} {...size} />;
  return level === 'detail' ? (
    <Suspense fallback={fit}>
      <DetailCard {...part} />
    </Suspense>
  ) : (
    fit
  );
}

export const NodeCard = memo(function NodeCard({ id, level, width, height }: CardProps) {
  const pov = useMapView((view) => view.pov);
  const isOther = useContext(BranchContext) !== 'shown';
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
