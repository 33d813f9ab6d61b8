// The map drawn as SVG: the same boxes, paths, shapes and words as on screen, at full size. For export.

import type { ReactNode } from 'react';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { isShownFlight } from '../../state/flight-filter.ts';
import { type FrameState, frameStore, newestFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { mapView } from '../../state/map-view.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { drawnTimeNow } from '../../state/view-clock.ts';
import { flightLabel } from '../glyphs/flight-text.ts';
import { families, glyphPaths, glyphs } from '../glyphs/glyph-shapes.ts';
import { t } from '../i18n/i18n.ts';
import { wordsWidth } from '../kit/words-width.ts';
import { linkStateText } from '../model/link-words.ts';
import type { Box } from '../model/map-store.ts';
import { countHoles, healthOf, healthText, storeOf } from '../model/node-facts.ts';
import { type ReportedRole, reportedRoles } from '../model/role-cards.ts';
import { severalRoles } from './cluster-layout.ts';
import type { Drawn } from './drawn-map.ts';
import { hasStopped, stopShare } from './flight-fate.ts';
import { type FlightGlyph, glyphReach, makeLanes, placeGlyphs } from './flight-geometry.ts';
import { glyphRoom, type LabelPlace, meet, placeLabels, type Room } from './label-places.ts';
import { isBroken, LinkLine } from './link-line.tsx';
import { breakAt, pointAt } from './link-path.ts';
import { type MapFrame, totalsOf } from './map-frames.ts';
import { drawnStore } from './map-layout.ts';
import { type PathBook, pathBook } from './path-book.ts';

const legendWidth = 190;
const legendRow = 26;

function Words({
  x,
  y,
  children,
  size = 12,
  weight = 400,
  fill = 'var(--text)',
  anchor = 'start',
  mono = false,
  hasGround = false,
}: {
  readonly x: number;
  readonly y: number;
  readonly children: ReactNode;
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly mono?: boolean;
  /** The ground round the letters, where they stand over links. */
  readonly hasGround?: boolean;
}): ReactNode {
  return (
    <text
      x={x}
      y={y}
      fontSize={size}
      fontWeight={weight}
      fill={fill}
      textAnchor={anchor}
      className={mono ? 'mono' : ''}
      {...(hasGround ? { stroke: 'var(--bg-0)', strokeWidth: 4, paintOrder: 'stroke' } : {})}
    >
      {children}
    </text>
  );
}

/** px of a mark beside the next. */
const markWidth = 74;

interface MarksProps {
  readonly part: ReportedRole;
  readonly x: number;
  readonly y: number;
}

function Marks({ part: { card, view }, x, y }: MarksProps): ReactNode {
  return card
    .marks(view, t, selectionStore.getState().group)
    .slice(0, 3)
    .map(({ label, value, alert }, i) => (
      <g key={label}>
        <Words x={x + 10 + i * 78} y={y} fill="var(--text-muted)">
          {label}
        </Words>
        <Words
          x={x + 10 + i * 78}
          y={y + 19}
          size={Math.min(16, markWidth / (0.62 * Math.max(1, value.length)))}
          weight={600}
          mono
          fill={alert === true ? 'var(--hole)' : 'var(--text)'}
        >
          {value}
        </Words>
      </g>
    ));
}

function Card({ node, box }: { readonly node: NodeFrame; readonly box: Box }): ReactNode {
  const health = healthOf(node);
  const { holes } = countHoles(storeOf(node));
  const alert = holes > 0 ? 'var(--hole)' : 'var(--border-control)';
  const roles = reportedRoles(node);
  const [lead] = roles;
  const isPlain = settingsStore.getState().wording === 'plain';
  const plain = isPlain ? lead?.card.plain?.(lead.view, t, selectionStore.getState().group) : undefined;
  return (
    <g>
      <rect
        {...box}
        rx={8}
        fill="var(--bg-1)"
        stroke={health === 'fenced' ? 'var(--fence)' : alert}
        {...(health === 'down' ? { strokeDasharray: '5 4' } : {})}
      />
      {plain === undefined && (
        <path
          d={`M${box.x} ${box.y + 36}h${box.width}m0 ${box.height - 62}h${-box.width}`}
          stroke="var(--line)"
          fill="none"
        />
      )}
      <Words x={box.x + 10} y={box.y + 23} size={15} weight={600}>
        {node.id}
      </Words>
      <Words
        x={box.x + box.width - 10}
        y={box.y + 23}
        anchor="end"
        fill={health === 'up' ? 'var(--text-muted)' : 'var(--fence)'}
      >
        {healthText(health, t)}
      </Words>
      {plain !== undefined && lead !== undefined && (
        <>
          <text x={box.x + 10} y={box.y + 58} fontSize={14} fill="var(--text-muted)">
            {`${plain.label} `}
            <tspan className="mono" fontWeight={600} fill={plain.alert ? 'var(--hole)' : 'var(--text)'}>
              {plain.value}
            </tspan>
          </text>
          {lead.card.Strips && <lead.card.Strips view={lead.view} x={box.x} y={box.y + 72} most={1} />}
        </>
      )}
      {(plain === undefined ? roles : []).map((part, i) => {
        const y = box.y + i * severalRoles.row;
        const { Strips } = part.card;
        return (
          <g key={part.card.role}>
            <Marks part={part} x={box.x} y={y + 54} />
            {Strips && <Strips view={part.view} x={box.x} y={y + 84} most={2} />}
          </g>
        );
      })}
      {holes > 0 && plain === undefined && (
        <Words x={box.x + 10} y={box.y + box.height - 9} fill="var(--hole)">
          {t('holes.count', { count: holes })}
        </Words>
      )}
    </g>
  );
}

/** Above the links that go through the frame's edge: no line lies over its name. */
function FrameName({ frame: { box, zone, layer } }: { readonly frame: Drawn['open'][number] }): ReactNode {
  const name = layer === null ? t('map.zone', { zone }) : t(`layer.${layer}`);
  const width = wordsWidth(name, linkLetterPx) + 8;
  return (
    <g>
      <rect x={box.x + 8} y={box.y + 7} width={width} height={18} fill="var(--bg-0)" />
      <Words x={box.x + 12} y={box.y + 20} weight={600} fill="var(--text-muted)">
        {name}
      </Words>
    </g>
  );
}

interface FoldedProps {
  readonly frame: MapFrame;
  readonly box: Box;
  readonly nodes: FrameState['nodes'];
}

function Folded({ frame, box, nodes }: FoldedProps): ReactNode {
  const totals = totalsOf(frame.members, nodes);
  return (
    <g>
      <rect {...box} rx={8} fill="var(--bg-2)" stroke="var(--border-control)" />
      <Words x={box.x + 10} y={box.y + 23} size={15} weight={600}>
        {t('map.zone', { zone: frame.zone })}
      </Words>
      <Words x={box.x + 10} y={box.y + 60}>{`${totals.up} / ${totals.nodes} ${t('map.up')}`}</Words>
      <Words x={box.x + 10} y={box.y + 80}>{`${totals.holes} ${t('map.holes')}`}</Words>
    </g>
  );
}

interface FlightProps {
  readonly glyph: FlightGlyph;
  /** Null: there is no room for its label. */
  readonly place: LabelPlace | null;
  /** Another glyph lies over it. */
  readonly isCovered: boolean;
}

/** px between the middles of glyphs from which on the letter of the lower one is seen. */
const letterReach = 12;

const isCovered = ({ at }: FlightGlyph, later: readonly FlightGlyph[]): boolean =>
  later.some((other) => Math.hypot(other.at[0] - at[0], other.at[1] - at[1]) < letterReach);

function Flight({ glyph, place, isCovered: isHidden }: FlightProps): ReactNode {
  const { flight, at, angle, count } = glyph;
  const { hue, shape, letter, letterDy, hollow, turns } = glyphs[flight.label.family];
  const isWhole =
    flight.fate === 'flying' || (flight.fate === 'lost' && !hasStopped(glyph.share, glyph.stopAt));
  const open = hollow || !isWhole;
  const colour = `var(--${hue})`;
  return (
    <g transform={`translate(${at[0]} ${at[1]})`}>
      <path
        d={glyphPaths[shape]}
        fill={open ? 'var(--bg-1)' : colour}
        stroke={open ? colour : 'var(--bg-0)'}
        strokeWidth={open ? 2 : 1.5}
        {...(turns ? { transform: `rotate(${(angle * 180) / Math.PI})` } : {})}
        {...(isWhole ? {} : { strokeDasharray: '4 3' })}
      />
      {!isHidden && (
        <Words x={0} y={4.5 + letterDy} weight={700} anchor="middle" fill={open ? colour : 'var(--bg-1)'}>
          {count > 1 ? count : letter}
        </Words>
      )}
      {place !== null && (
        <Words x={place.dx} y={place.dy} anchor={place.anchor} mono hasGround fill={colour}>
          {flightLabel(flight)}
        </Words>
      )}
    </g>
  );
}

function Legend({ x, y }: { readonly x: number; readonly y: number }): ReactNode {
  return families
    .filter((family) => family !== 'heartbeat')
    .map((family, i) => {
      const { hue, shape, hollow, letter, letterDy, label } = glyphs[family];
      return (
        <g key={family} transform={`translate(${x} ${y + i * legendRow})`}>
          <path
            d={glyphPaths[shape]}
            fill={hollow ? 'var(--bg-1)' : `var(--${hue})`}
            stroke={hollow ? `var(--${hue})` : 'var(--bg-0)'}
            strokeWidth={hollow ? 2 : 1.5}
          />
          <Words
            x={0}
            y={4.5 + letterDy}
            weight={700}
            anchor="middle"
            fill={hollow ? `var(--${hue})` : 'var(--bg-1)'}
          >
            {letter}
          </Words>
          <Words x={22} y={4}>
            {t(label)}
          </Words>
        </g>
      );
    });
}

/** px of a letter of a link's words. */
const linkLetterPx = 7;

interface LinkWords {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

/** What the links that are not as usual say of themselves. */
function linkWords(
  bundles: Drawn['bundles'],
  links: FrameState['links'],
  book: PathBook,
  messages: readonly Room[],
): readonly LinkWords[] {
  return bundles.flatMap(({ key, a, b }) => {
    const pair = links[key];
    const path = book.between(a, b);
    if (path === null || pair === undefined || linkShape(pair) === 'normal') return [];
    const words = linkStateText(pair, t);
    const beside = isBroken(linkShape(pair)) ? 14 : 8;
    const places = wordShares.flatMap((share) => {
      const [x, y] = pointAt(path, share);
      const left = x - beside - wordsWidth(words, linkLetterPx);
      return [
        { key, words, x: x + beside, y: y - 8 },
        { key, words, x: left, y: y + 16 },
      ];
    });
    const free = places.find((place) => !messages.some((room) => meet(room, roomOfWords(place))));
    return free === undefined ? places.slice(0, 1) : [free];
  });
}

/** Where on a link its words may stand, the break first: no message lies under them. */
const wordShares = [breakAt, 0.56, 0.32, 0.7, 0.2];

const roomOfWords = ({ x, y, words }: LinkWords): Box => ({
  x,
  y: y - 11,
  width: wordsWidth(words, linkLetterPx),
  height: 15,
});

export function MapPicture(): ReactNode {
  const drawn = drawnStore.getState();
  const { nodes, links } = frameStore.getState();
  const flights = newestFrame().frame?.flights ?? [];
  const { hidden, onlyLsn, onlyTrace } = mapView.getState();
  const { heartbeats } = settingsStore.getState();
  const book = pathBook(1);
  const boxes = [...Object.values(drawn.boxes), ...drawn.open.map(({ box }) => box)];
  const right = Math.max(400, ...boxes.map((box) => box.x + box.width)) + 24;
  const bottom = Math.max(360, ...boxes.map((box) => box.y + box.height)) + 24;
  const moving = flights.filter((flight) =>
    isShownFlight(flight, { hidden, onlyLsn, onlyTrace, heartbeats }),
  );
  const lanes = makeLanes(moving, {
    pathOf: (from, to) => book.path(from, to),
    stopOf: (from, to) => stopShare(frameStore.getState(), from, to),
    clear: glyphReach,
  });
  const flightGlyphs = placeGlyphs(lanes, drawnTimeNow(performance.now()), false);
  const said = linkWords(
    drawn.bundles,
    links,
    book,
    flightGlyphs.map(({ at }) => glyphRoom(at)),
  );
  const labelPlaces = placeLabels(
    flightGlyphs.map(({ at, flight }) => ({ at, words: flightLabel(flight) })),
    [...Object.values(drawn.boxes), ...said.map(roomOfWords)],
  );
  const width = right + legendWidth;
  return (
    <svg width={width} height={bottom} viewBox={`0 0 ${width} ${bottom}`} aria-hidden="true">
      <rect width={width} height={bottom} fill="var(--bg-0)" />
      {drawn.open.map(({ id, box, kind }) => (
        <rect
          key={id}
          {...box}
          rx={8}
          fill="none"
          stroke="var(--border-control)"
          {...(kind === 'layer' ? { strokeDasharray: '1 5' } : {})}
        />
      ))}
      {drawn.bundles.map(({ key, a, b }) => {
        const pair = links[key];
        const path = book.between(a, b);
        if (path === null || (pair !== undefined && book.isQuiet(a, b) && linkShape(pair) === 'normal'))
          return null;
        const shape = pair === undefined ? 'normal' : linkShape(pair);
        return <LinkLine key={key} path={path} shape={shape} />;
      })}
      {drawn.open.map((frame) => (
        <FrameName key={frame.id} frame={frame} />
      ))}
      {said.map(({ key, x, y, words }) => (
        <Words key={key} x={x} y={y} weight={600} fill="var(--hole)">
          {words}
        </Words>
      ))}
      {drawn.folded.map((frame) => {
        const box = drawn.boxes[frame.id];
        return box === undefined ? null : <Folded key={frame.id} frame={frame} box={box} nodes={nodes} />;
      })}
      {drawn.nodes.map((id) => {
        const box = drawn.boxes[id];
        const node = nodes[id];
        if (box === undefined || node === undefined) return null;
        return <Card key={id} node={node} box={box} />;
      })}
      {flightGlyphs.map((glyph, i) => (
        <Flight
          key={glyph.flight.id}
          glyph={glyph}
          place={labelPlaces[i] ?? null}
          isCovered={isCovered(glyph, flightGlyphs.slice(i + 1))}
        />
      ))}
      <Legend x={right + 14} y={40} />
    </svg>
  );
}
