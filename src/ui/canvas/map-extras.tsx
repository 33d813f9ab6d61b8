// What stands over the map without being in the first picture: the card of the message under the pointer, chips for
// trouble outside the view, the overview, the selection box, the way back from a neighbourhood; and what fingers do. Loaded
// after the first picture.

import { type ReactNode, type RefObject, useContext, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { BranchContext, useFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { setMapView, useMapView } from '../../state/map-view.ts';
import { selectAll } from '../../state/selection-store.ts';
import { Glyph } from '../glyphs/glyph.tsx';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { bytesText, millis, rangeText } from '../kit/format.ts';
import { linkStateText } from '../model/link-words.ts';
import { countHoles, type Health, healthOf, healthText, storeOf } from '../model/node-facts.ts';
import { useFlowStore, useReactFlow } from './adapter.ts';
import { type EdgeSpot, edgeChips, gatherLinks } from './edge-chips.ts';
import { seenFate } from './flight-fate.ts';
import { flightHover } from './flight-hover.ts';
import { FollowBar } from './follow-bar.tsx';
import { GroupHull } from './group-hull.tsx';
import { breakAt, pointAt } from './link-path.ts';
import { useDrawn } from './map-layout.ts';
import { Overview } from './overview.tsx';
import { pathBook } from './path-book.ts';
import { cardsIn } from './select-box.ts';
import { watchMapTouch } from './touch-map.ts';
import '../../words/canvas/tool.en.json';

function HoverCard(): ReactNode {
  const t = useT();
  const branch = useContext(BranchContext);
  const hover = useStore(flightHover, (state) => (state.hover?.branch === branch ? state.hover : null));
  const flight = useFrame(({ frame }) => frame?.flights.find(({ id }) => id === hover?.id));
  const fate = useFrame((state) =>
    flight === undefined ? null : seenFate(flight, state, state.frame?.time ?? 0),
  );
  if (hover === null || flight === undefined) return null;
  const { label } = flight;
  const facts: readonly (readonly [string, string])[] = [
    [t('hover.kind'), label.kind],
    [t('hover.route'), `${flight.from} → ${flight.to}`],
    ...(label.group === null ? [] : [[t('hover.group'), label.group] as const]),
    ...(label.range === null ? [] : [[t('hover.range'), rangeText(label.range[0], label.range[1])] as const]),
    ...(label.token === null ? [] : [[t('hover.token'), String(label.token)] as const]),
    [t('hover.size'), bytesText(flight.bytes)],
    [t('hover.sent'), `${millis(flight.sentAt)} ms`],
    ...(fate === 'flying' ? [[t('hover.eta'), `${millis(flight.arrivesAt)} ms`] as const] : []),
    ...(label.trace === undefined || label.trace === 0
      ? []
      : [[t('hover.trace'), String(label.trace)] as const]),
  ];
  return (
    <div
      className="hover-place"
      style={{ ['--x' as string]: `${hover.x}px` }}
      data-left={hover.x > window.innerWidth - 260}
    >
      {/* Below the pointer, or as far up as the card needs to be seen whole. */}
      <div style={{ flexBasis: hover.y + 4 }} />
      <div className="hover-card">
        <div className="flex items-center gap-2">
          <Glyph family={label.family} size={22} />
          <b>{t(glyphs[label.family].label)}</b>
          {(fate === 'held' || fate === 'lost') && <span className="chip">{t(`fate.${fate}`)}</span>}
        </div>
        {hover.count > 1 && <p className="mt-1 text-muted">{t('hover.stack', { count: hover.count })}</p>}
        <dl className="mt-1">
          {facts.map(([name, value]) => (
            <div key={name} className="hover-fact">
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

function troubleText(health: Health, holes: number, t: Translate): string {
  return health === 'up' ? t('holes.count', { count: holes }) : healthText(health, t);
}

/** The middle of each link that is not as the preset set it, with its state in words; of what is drawn. */
function useImpairedLinks(zoom: number): readonly (EdgeSpot & { readonly text: string })[] {
  const t = useT();
  useDrawn((drawn) => drawn);
  const links = useFrame((state) => state.links);
  const book = pathBook(zoom);
  return Object.values(links).flatMap((pair) => {
    const shape = linkShape(pair);
    if (shape === 'normal' || shape === 'waiting') return [];
    const path = book.path(pair.a, pair.b);
    if (path === null) return [];
    const [x, y] = pointAt(path, breakAt);
    const text = t('chip.offscreen', { node: `${pair.a}–${pair.b}`, what: linkStateText(pair, t) });
    return [{ id: pair.key, box: { x, y, width: 0, height: 0 }, text }];
  });
}

const allLinks = 'all links';

/**
 * A node in trouble whose card is outside the view, and a link that is cut, slowed or held there: which way it is, and a way
 * to it. The view never moves by itself.
 */
function EdgeChips(): ReactNode {
  const t = useT();
  const { setCenter, getZoom } = useReactFlow();
  const drawn = useDrawn((drawn) => drawn);
  const width = useFlowStore((state) => state.width);
  const height = useFlowStore((state) => state.height);
  const transform = useFlowStore((state) => state.transform.join());
  const trouble = useFrame(({ nodes }) =>
    Object.values(nodes)
      .filter((node) => healthOf(node) !== 'up' || countHoles(storeOf(node)).holes > 0)
      .map((node) => `${node.id}=${troubleText(healthOf(node), countHoles(storeOf(node)).holes, t)}`)
      .join('|'),
  );
  const [x = 0, y = 0, zoom = 1] = transform.split(',').map(Number);
  const view = { x, y, zoom, width, height };
  const impaired = useImpairedLinks(zoom);
  const links = gatherLinks(impaired, view, allLinks);
  const nodes = trouble.split('|').flatMap((one) => {
    const [id = '', what = ''] = one.split('=');
    const box = drawn.boxes[id];
    return box === undefined ? [] : [{ id, box, text: t('chip.offscreen', { node: id, what }) }];
  });
  const named = links.spots.map((spot) => ({
    ...spot,
    text: impaired.find(({ id }) => id === spot.id)?.text ?? t('chip.links', { count: links.count }),
  }));
  const spots = new Map([...nodes, ...named].map((spot) => [spot.id, spot]));
  return edgeChips([...spots.values()], view).map(({ id, left, top, degrees }) => {
    const spot = spots.get(id);
    if (spot === undefined) return null;
    const { box, text } = spot;
    return (
      <button
        key={id}
        type="button"
        className="edge-chip"
        style={{ left, top }}
        onClick={() =>
          void setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: getZoom(), duration: 0 })
        }
      >
        <span aria-hidden="true" style={{ transform: `rotate(${degrees}deg)` }}>
          ➤
        </span>
        {text}
      </button>
    );
  });
}

interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Shift and drag, or the select tool: a box whose cards are selected. */
function SelectBox({ surface }: { readonly surface: RefObject<HTMLElement | null> }): ReactNode {
  const tool = useMapView((view) => view.tool);
  const { screenToFlowPosition } = useReactFlow();
  const [rect, setRect] = useState<Rect | null>(null);
  const began = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const onDown = (event: PointerEvent): void => {
      const isTool = tool === 'select' || event.shiftKey;
      const target = event.target instanceof Element ? event.target : null;
      if (!isTool || event.button !== 0 || target?.closest('[data-map-node], button') !== null) return;
      // A second finger pans and pinches.
      began.current = event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
      if (!event.isPrimary) setRect(null);
    };
    /** The map is not panned by what draws a box. */
    const onMouse = (event: MouseEvent): void => {
      if (began.current === null) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onMove = (event: PointerEvent): void => {
      const from = began.current;
      if (from === null) return;
      setRect({ x0: from.x, y0: from.y, x1: event.clientX, y1: event.clientY });
    };
    const onCancel = (): void => {
      began.current = null;
      setRect(null);
    };
    const onUp = (event: PointerEvent): void => {
      const from = began.current;
      began.current = null;
      setRect(null);
      if (from === null || Math.hypot(event.clientX - from.x, event.clientY - from.y) < 4) return;
      const ids = cardsIn(
        screenToFlowPosition(from),
        screenToFlowPosition({ x: event.clientX, y: event.clientY }),
      );
      selectAll(
        ids.map((id) => ({ kind: 'node', id })),
        event.shiftKey ? 'add' : 'only',
      );
      // The click that ends the drag is not one on the pane.
      const swallow = (click: MouseEvent): void => click.stopPropagation();
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
    };
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('pointerdown', onDown, { capture: true, signal });
    element.addEventListener('mousedown', onMouse, { capture: true, signal });
    window.addEventListener('pointermove', onMove, { signal });
    window.addEventListener('pointerup', onUp, { signal });
    window.addEventListener('pointercancel', onCancel, { signal });
    return () => stop.abort();
  }, [surface, tool, screenToFlowPosition]);
  if (rect === null) return null;
  return (
    <div
      className="select-box"
      style={{
        left: Math.min(rect.x0, rect.x1),
        top: Math.min(rect.y0, rect.y1),
        width: Math.abs(rect.x1 - rect.x0),
        height: Math.abs(rect.y1 - rect.y0),
      }}
    />
  );
}

function AloneBar(): ReactNode {
  const t = useT();
  const alone = useMapView((view) => view.alone);
  if (alone === null) return null;
  return (
    <div className="map-bar">
      <b>{t('map.alone', { node: alone })}</b>
      <button type="button" className="field field-small" onClick={() => setMapView({ alone: null })}>
        {t('map.showAll')}
      </button>
    </div>
  );
}

export function MapExtras({ surface }: { readonly surface: RefObject<HTMLElement | null> }): ReactNode {
  const branch = useContext(BranchContext);
  useEffect(() => (surface.current === null ? undefined : watchMapTouch(surface.current)), [surface]);
  return (
    <>
      {branch === 'shown' && (
        <div className="absolute top-9 left-3 z-[5] flex gap-2">
          <AloneBar />
          <FollowBar />
        </div>
      )}
      <GroupHull />
      <HoverCard />
      <EdgeChips />
      <Overview />
      <SelectBox surface={surface} />
    </>
  );
}
