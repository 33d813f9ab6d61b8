// One canvas over the map with every message in flight, drawn from the fabric's own schedule: position = share of the
// way at the drawn virtual time. Hover and click find the message under the pointer; one can be followed.

import { type ReactNode, type RefObject, useContext, useEffect, useRef } from 'react';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { coachStore } from '../../state/coach-store.ts';
import { followStore } from '../../state/follow-store.ts';
import {
  BranchContext,
  draftFrameStore,
  frameStore,
  newestFrame,
  otherFrameStore,
} from '../../state/frame-store.ts';
import { mapView } from '../../state/map-view.ts';
import { isMotionReduced, useReducedMotion } from '../../state/motion.ts';
import { isByFinger } from '../../state/pointer.ts';
import { runStore } from '../../state/run-store.ts';
import {
  hover,
  litOf,
  type SelectionState,
  selectionStore,
  selectMessage,
} from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { drawnTimeNow } from '../../state/view-clock.ts';
import { openMenuAt } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useFlowStoreApi, useReactFlow } from './adapter.ts';
import { recordFlown } from './flight-fate.ts';
import { type FlightGlyph, findGlyph, fingerReach, hitRadius } from './flight-geometry.ts';
import { flightHover } from './flight-hover.ts';
import { type Box, FlightPainter, type PaintOptions, type PaintSource } from './flight-painter.ts';
import { isForControl } from './for-control.ts';
import { drawnStore } from './map-layout.ts';
import { pathBook } from './path-book.ts';
import { readPalette, SpriteAtlas } from './sprites.ts';

/** Labels need this much zoom to be legible. */
const labelZoom = 0.55;

function chosenMessages({ hovered, subjects }: SelectionState): ReadonlySet<string> {
  const chosen = new Set<string>();
  for (const one of [...subjects, hovered]) if (one?.kind === 'message') chosen.add(one.id);
  return chosen;
}

/** Where a suggestion stands on the canvas; asked of the page only while there is one. */
function suggestionBoxes(surface: HTMLElement, canvas: HTMLCanvasElement): readonly Box[] {
  if (coachStore.getState().onLink === null) return noBoxes;
  const { left, top } = canvas.getBoundingClientRect();
  return [...surface.querySelectorAll('[data-suggestion]')].map((suggestion): Box => {
    const box = suggestion.getBoundingClientRect();
    return [box.left - left, box.top - top, box.width, box.height];
  });
}

const noBoxes: readonly Box[] = [];

function optionsNow(zoom: number, above: readonly Box[]): PaintOptions {
  const selection = selectionStore.getState();
  const settings = settingsStore.getState();
  const { hidden, onlyLsn, onlyTrace } = mapView.getState();
  return {
    filter: { hidden, onlyLsn, onlyTrace, heartbeats: settings.heartbeats },
    labels: settings.labels && zoom >= labelZoom,
    still: isMotionReduced(),
    scope: litOf(selection),
    chosen: chosenMessages(selection),
    above,
  };
}

/** A finger that is on one of these means it, unless it is on the message itself. */
const cards = '[data-map-node]';

const noFlights: PaintSource['flights'] = [];

/** What a map paints, and the virtual time at which: both branches run on between two pictures, the other one as far as the shown one does. */
const sources = {
  shown: (wall: number) => ({
    frame: newestFrame().frame,
    state: frameStore.getState(),
    now: drawnTimeNow(wall),
  }),
  other: (wall: number) => {
    const state = otherFrameStore.getState();
    const ahead = drawnTimeNow(wall) - (newestFrame().frame?.time ?? 0);
    return { frame: state.frame, state, now: (state.frame?.time ?? 0) + ahead };
  },
  draft: () => ({ frame: null, state: draftFrameStore.getState(), now: 0 }),
} as const;

/** A typeface may come after the first picture, whose letters are those of another. */
const typefacesThere = (): number => [...document.fonts].filter(({ status }) => status === 'loaded').length;

/** Everything a picture depends on; the same list again needs no painting. */
function picture(now: number, frame: WorldFrame | null, rest: readonly unknown[]): readonly unknown[] {
  const { hovered, subjects, scope, hoverScope } = selectionStore.getState();
  return [
    now,
    frame?.events,
    frame?.flights,
    hovered,
    subjects,
    scope,
    hoverScope,
    mapView.getState(),
    drawnStore.getState(),
    settingsStore.getState(),
    coachStore.getState().onLink,
    isMotionReduced(),
    runStore.getState().run?.mode,
    document.documentElement.dataset.theme,
    window.devicePixelRatio,
    typefacesThere(),
    ...rest,
  ];
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** After so many frames in which nothing moved it looks every so many wall ms. */
const framesToRest = 12;
const restMs = 50;

interface OverlayProps {
  /** The map's element: pointer events are taken from it before cards and links get them. */
  readonly surface: RefObject<HTMLElement | null>;
}

export function FlightOverlay({ surface }: OverlayProps): ReactNode {
  const t = useT();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const flow = useFlowStoreApi();
  const { setViewport } = useReactFlow();
  const still = useReducedMotion();
  const branch = useContext(BranchContext);

  useEffect(() => {
    const canvas = canvasRef.current;
    const element = surface.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !element || !context) return;
    const painter = new FlightPainter(branch === 'shown' ? recordFlown : () => undefined);
    let atlas: SpriteAtlas | null = null;
    let theme = '';
    let drawn: readonly unknown[] = [];
    let request = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let sameFrames = 0;
    let width = canvas.clientWidth;
    let height = canvas.clientHeight;
    const observer = new ResizeObserver(([entry]) => {
      width = entry?.contentRect.width ?? width;
      height = entry?.contentRect.height ?? height;
    });
    observer.observe(canvas);

    /** Keeps the followed message in the middle; it is let go when it has arrived. */
    const follow = (zoom: number): void => {
      const { message } = followStore.getState();
      if (message === null || branch !== 'shown') return;
      const glyph = painter.drawn.find(({ flight }) => flight.id === message);
      if (glyph === undefined) {
        followStore.setState({ message: null });
        return;
      }
      void setViewport({ x: width / 2 - glyph.at[0] * zoom, y: height / 2 - glyph.at[1] * zoom, zoom });
    };

    const goOn = (): void => {
      clearTimeout(timer);
      cancelAnimationFrame(request);
      request = requestAnimationFrame(redraw);
    };
    /** Asks for the next frame, or where nothing has moved for a while looks again soon: an empty frame costs the browser one too. */
    const lookAgain = (isSame: boolean): void => {
      sameFrames = isSame ? sameFrames + 1 : 0;
      if (sameFrames < framesToRest) request = requestAnimationFrame(redraw);
      else timer = setTimeout(redraw, restMs);
    };

    const redraw = (): void => {
      const wall = performance.now();
      const { frame, state, now } = sources[branch](wall);
      const [x, y, zoom] = flow.getState().transform;
      const wanted = picture(now, frame, [x, y, zoom, width, height]);
      const ratio = window.devicePixelRatio || 1;
      const look = `${document.documentElement.dataset.theme ?? ''} ${ratio} ${typefacesThere()}`;
      const isSame = isSameList(wanted, drawn) && theme === look && !painter.isFading;
      lookAgain(isSame);
      if (isSame) return;
      drawn = wanted;
      if (atlas === null || theme !== look) {
        atlas = new SpriteAtlas(readPalette(canvas), ratio);
        theme = look;
      }
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const options = optionsNow(zoom, suggestionBoxes(element, canvas));
      const book = pathBook(zoom);
      painter.place({ flights: frame?.flights ?? noFlights, state }, now, wall, book, options);
      painter.paint(context, atlas, { x, y, zoom, width, height }, wall, book, options);
      follow(zoom);
    };

    const glyphUnder = (event: MouseEvent): FlightGlyph | null => {
      if (event.target instanceof Element && isForControl(event.target)) return null;
      const box = canvas.getBoundingClientRect();
      const [x, y, zoom] = flow.getState().transform;
      const at = [(event.clientX - box.left - x) / zoom, (event.clientY - box.top - y) / zoom] as const;
      const isBeside =
        isByFinger() && event.target instanceof Element && event.target.closest(cards) === null;
      return findGlyph(painter.drawn, at, (isBeside ? fingerReach : hitRadius) / zoom);
    };
    const onMove = (event: MouseEvent): void => {
      const glyph = event.buttons === 0 ? glyphUnder(event) : null;
      const before = selectionStore.getState().hovered;
      if (glyph === null && before === null) return;
      if (glyph?.flight.id === (before?.kind === 'message' ? before.id : undefined)) return;
      element.style.cursor = glyph === null ? '' : 'pointer';
      const id = glyph?.flight.id;
      flightHover.setState({
        hover:
          id === undefined
            ? null
            : { id, count: glyph?.count ?? 1, branch, x: event.clientX, y: event.clientY },
      });
      hover(id === undefined ? null : { kind: 'message', id });
    };
    const onLeave = (): void => {
      flightHover.setState({ hover: null });
      hover(null);
    };
    const onClick = (event: MouseEvent): void => {
      const glyph = glyphUnder(event);
      if (glyph === null) return;
      event.stopPropagation();
      event.preventDefault();
      selectMessage(glyph.flight.id, event.shiftKey ? 'add' : event.ctrlKey ? 'toggle' : 'only');
    };
    const onMenu = (event: MouseEvent): void => {
      const glyph = glyphUnder(event);
      if (glyph === null) return;
      event.stopPropagation();
      event.preventDefault();
      selectMessage(glyph.flight.id);
      openMenuAt({ kind: 'message', id: glyph.flight.id }, { x: event.clientX, y: event.clientY });
    };
    element.addEventListener('mousemove', onMove);
    element.addEventListener('mouseleave', onLeave);
    element.addEventListener('click', onClick, true);
    element.addEventListener('contextmenu', onMenu, true);
    goOn();
    // A map that is moved takes its messages along at once.
    const leave = flow.subscribe(({ transform }, before) => {
      if (transform !== before.transform && sameFrames >= framesToRest) goOn();
    });
    return () => {
      leave();
      clearTimeout(timer);
      cancelAnimationFrame(request);
      observer.disconnect();
      element.removeEventListener('mousemove', onMove);
      element.removeEventListener('mouseleave', onLeave);
      element.removeEventListener('click', onClick, true);
      element.removeEventListener('contextmenu', onMenu, true);
    };
  }, [flow, surface, setViewport, branch]);

  return (
    <>
      <canvas
        ref={canvasRef}
        data-motion={still ? 'static' : 'live'}
        className="pointer-events-none absolute inset-0 z-[4] h-full w-full"
      />
      {still && <p className="visually-hidden">{t('map.static')}</p>}
    </>
  );
}
