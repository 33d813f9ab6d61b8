// A link between two cards: its line in the state it is in, a hit area 24 px wide, and a button at its middle that
// tests, keyboard and screen readers reach ("link rw-1–store-3, cut"). Links of folded frames are bundled in one line.

import { Hand, Pause, Scissors } from 'lucide-react';
import { type MouseEvent, memo, type ReactNode } from 'react';
import { useFrame, useLink } from '../../state/frame-store.ts';
import { isLitLink } from '../../state/highlight.ts';
import { type LinkPair, type LinkShape, linkShape } from '../../state/link-pair.ts';
import { litOf, selectLink, useSelection } from '../../state/selection-store.ts';
import { openMenuAt } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { linkName, linkStateText } from '../model/link-words.ts';
import { hoverKey } from '../selection/hover.ts';
import { EdgeLabelRenderer, type EdgeProps, selectLevel, selectZoom, useFlowStore } from './adapter.ts';
import { isBroken, LinkLine } from './link-line.tsx';
import { LinkNote } from './link-note.tsx';
import { breakAt, type LinkPath, pointAt, svgPath } from './link-path.ts';
import { impairedIn } from './map-frames.ts';
import { useDrawn } from './map-layout.ts';
import { bookZoom, type PathBook, pathBook } from './path-book.ts';

const modeOf = (event: MouseEvent): 'only' | 'add' | 'toggle' =>
  event.shiftKey ? 'add' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';

function openLinkMenu(pair: Pick<LinkPair, 'a' | 'b'>, event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
  selectLink(pair.a, pair.b);
  openMenuAt({ kind: 'link', a: pair.a, b: pair.b }, { x: event.clientX, y: event.clientY });
}

/** px that a link's words take beside its sign, at most. */
const wordsRoom = 140;

/** Between neighbours of a row the words would lie over a card. */
const isTightBeside = ({ from, to }: LinkPath, scale: number): boolean => {
  const wide = Math.abs(to[0] - from[0]);
  return wide > Math.abs(to[1] - from[1]) && wide * (1 - breakAt) < wordsRoom * scale;
};

const hasSign = (shape: LinkShape): boolean => isBroken(shape) || shape === 'held' || shape === 'waiting';

/** With more signs than this their words would lie over each other: the sign says it, its title, and the words of one that is looked at. */
const MOST_WORDS = 2;
type Links = Readonly<Record<string, LinkPair>>;
/** The newest links that were asked about: each link of a map asks. */
let counted: { readonly links: Links; readonly isMany: boolean } = { links: {}, isMany: false };
function areMany(links: Links): boolean {
  if (links !== counted.links) {
    const signs = Object.values(links).filter((pair) => hasSign(linkShape(pair)));
    counted = { links, isMany: signs.length > MOST_WORDS };
  }
  return counted.isMany;
}

interface ButtonProps {
  readonly pair: LinkPair;
  readonly path: LinkPath;
  readonly book: PathBook;
  readonly dim: boolean;
  /** It is chosen, or the pointer is on it. */
  readonly isLooked: boolean;
}

function LinkButton({ pair, path, book, dim, isLooked }: ButtonProps): ReactNode {
  const t = useT();
  const shape = linkShape(pair);
  const [x, y] = pointAt(path, breakAt);
  const visible = hasSign(shape);
  const isPlain = !visible && shape === 'normal';
  const Icon = shape === 'held' ? Pause : shape === 'waiting' ? Hand : Scissors;
  // Words stay readable when the map is small.
  const unzoom = useFlowStore((state) => Math.min(2.9, Math.max(1, 1 / selectZoom(state))));
  // On a map of dots its words would be too small to read and cover the names of nodes: the sign says it, and its title.
  const isCrowded = useFrame(({ links }) => visible && !isLooked && areMany(links));
  const isSaid = useFlowStore(
    (state) => shape !== 'normal' && !isCrowded && !(visible && selectLevel(state) === 'dot'),
  );
  const isTight = isTightBeside(path, unzoom);
  return (
    <EdgeLabelRenderer>
      <div
        className={`nodrag nopan absolute flex items-center gap-2 ${dim ? 'dim' : ''}`}
        style={{
          left: x - 15 * unzoom,
          top: y - 15 * unzoom,
          // What shows nothing needs no scale: two hundred transforms cost every frame that is painted.
          ...(isPlain ? {} : { transform: `scale(${unzoom})` }),
          transformOrigin: '0 0',
          pointerEvents: 'all',
          zIndex: visible ? 3 : 1,
        }}
      >
        <button
          type="button"
          tabIndex={-1}
          aria-label={linkName(pair, t)}
          title={linkName(pair, t)}
          className={`grid place-items-center rounded-full ${
            visible ? 'border-[1.5px] border-hole bg-page text-hole' : ''
          }`}
          style={{ width: isPlain ? 30 * unzoom : 30, height: isPlain ? 30 * unzoom : 30 }}
          onClick={(event) => selectLink(pair.a, pair.b, modeOf(event))}
          onContextMenu={(event) => openLinkMenu(pair, event)}
        >
          {visible && <Icon size={16} aria-hidden="true" />}
        </button>
        {isSaid && !isTight && (
          <span className="chip chip-hue pointer-events-none" style={{ ['--hue' as string]: 'var(--hole)' }}>
            {linkStateText(pair, t)}
          </span>
        )}
      </div>
      <LinkNote
        link={pair.key}
        words={isSaid && isTight ? linkStateText(pair, t) : ''}
        path={path}
        book={book}
        scale={unzoom}
      />
    </EdgeLabelRenderer>
  );
}

/** Redrawn when cards move, fold or change their size, not when the view is panned. */
function useBook(): PathBook {
  useDrawn((drawn) => drawn);
  const zoom = useFlowStore((state) => bookZoom(selectZoom(state)));
  return pathBook(zoom);
}

export const LinkEdge = memo(function LinkEdge({ id, source, target }: EdgeProps): ReactNode {
  const pair = useLink(id);
  const book = useBook();
  const path = book.between(source, target);
  const quiet = book.isQuiet(source, target);
  const selected = useSelection(
    ({ subjects, nodes }) =>
      subjects.some((one) => one.kind === 'link' && one.a === source && one.b === target) ||
      nodes.includes(source) ||
      nodes.includes(target),
  );
  const chosen = useSelection(({ subjects }) =>
    subjects.some((one) => one.kind === 'link' && one.a === source && one.b === target),
  );
  const dim = useSelection((state) => !isLitLink(litOf(state), source, target));
  const hovered = useSelection(
    (state) => state.hovered?.kind === 'link' && state.hovered.a === source && state.hovered.b === target,
  );
  if (pair === undefined || path === null) return null;
  const shape = linkShape(pair);
  if (quiet && shape === 'normal' && !selected) return null;
  return (
    <>
      <g opacity={quiet ? 0.5 : 1} className={dim ? 'dim' : ''}>
        {(chosen || hovered) && (
          <path
            d={svgPath(path)}
            fill="none"
            stroke="var(--accent)"
            strokeWidth={6}
            opacity={chosen ? 0.55 : 0.3}
          />
        )}
        <LinkLine path={path} shape={shape} isAtRest={!selected && !hovered} />
      </g>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the pointer's wide target; keyboard and tests use the button */}
      <path
        d={svgPath(path)}
        fill="none"
        stroke="transparent"
        strokeWidth={24}
        data-hover={hoverKey({ kind: 'link', a: pair.a, b: pair.b })}
        style={{ pointerEvents: 'stroke', cursor: 'pointer' }}
        onClick={(event) => selectLink(pair.a, pair.b, modeOf(event))}
        onContextMenu={(event) => openLinkMenu(pair, event)}
      />
      <LinkButton pair={pair} path={path} book={book} dim={dim} isLooked={chosen || hovered} />
    </>
  );
});

type BundleProps = Pick<EdgeProps, 'id' | 'source' | 'target'>;

export const BundleEdge = memo(function BundleEdge({ id, source, target }: BundleProps): ReactNode {
  const t = useT();
  const bundle = useDrawn(({ bundles }) => bundles.find(({ key }) => key === id));
  const path = useBook().between(source, target);
  const state = useFrame(({ links }) => {
    const { cut, other } = impairedIn(bundle?.links ?? [], links);
    return `${cut},${other}`;
  });
  if (bundle === undefined || path === null) return null;
  const [cut = 0, other = 0] = state.split(',').map(Number);
  const [x, y] = pointAt(path, 0.5);
  const shape = cut === bundle.links.length ? 'cut' : cut + other > 0 ? 'delayed' : 'normal';
  const name = t('link.bundle', { count: bundle.links.length, a: frameName(source), b: frameName(target) });
  return (
    <>
      <LinkLine path={path} shape={shape} />
      <EdgeLabelRenderer>
        <span
          className={`chip nodrag nopan absolute bg-page ${shape === 'normal' ? '' : 'chip-hue'}`}
          style={{
            transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
            pointerEvents: 'all',
            ['--hue' as string]: 'var(--hole)',
          }}
          title={name}
        >
          {`× ${bundle.links.length}`}
          {cut > 0 && ` · ${t('link.bundleCut', { count: cut })}`}
        </span>
      </EdgeLabelRenderer>
    </>
  );
});

/** `zone a` → `AZ a` without a translation: only the frame's own words. */
const frameName = (id: string): string => id.replace(/^(zone|layer) /, '');
