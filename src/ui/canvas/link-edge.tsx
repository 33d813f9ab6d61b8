// A link between two cards: its line in the state it is in, a hit area 24 px wide, and a button at its middle that
// tests, keyboard and screen readers reach ("link rw-1–store-3, cut").

import { Pause, Scissors } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useFrame, useLink } from '../../state/frame-store.ts';
import { type LinkPair, type LinkShape, linkShape } from '../../state/link-pair.ts';
import { selectLink, useSelection } from '../../state/selection-store.ts';
import { openMenuAt } from '../faults/menu-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { EdgeLabelRenderer, type EdgeProps, selectZoom, useFlowStore, zoomLevel } from './adapter.ts';
import { angleAt, type LinkPath, pointAt, svgPath, svgPiece } from './link-path.ts';
import { isQuiet, pathBetween } from './map-links.ts';
import { shownBox, useMap } from './map-store.ts';

/** Where on the way a cut shows, and half the width of its gap. */
export const breakAt = 0.44;
const gap = 0.035;

export function linkName(pair: LinkPair, t: Translate): string {
  return t('link.name', { a: pair.a, b: pair.b, state: linkStateText(pair, t) });
}

export function linkStateText(pair: LinkPair, t: Translate): string {
  const { a, b, there, back } = pair;
  switch (linkShape(pair)) {
    case 'normal':
      return t('link.normal');
    case 'cut':
      return t('link.cut');
    case 'cutThere':
      return t('link.cutOneWay', { from: a, to: b });
    case 'cutBack':
      return t('link.cutOneWay', { from: b, to: a });
    case 'held':
      return t('link.held');
    case 'lossy':
      return t('link.lossy', { percent: Math.max(there?.lossPercent ?? 0, back?.lossPercent ?? 0) });
    case 'delayed':
      return t('link.delayed', { time: duration(Math.max(there?.baseUs ?? 0, back?.baseUs ?? 0)) });
  }
}

const isBroken = (shape: LinkShape): boolean =>
  shape === 'cut' || shape === 'cutThere' || shape === 'cutBack';
const strokeOf = (shape: LinkShape): string => (shape === 'normal' ? 'var(--border-control)' : 'var(--hole)');

function Bar({ path, at }: { readonly path: LinkPath; readonly at: number }): ReactNode {
  const [x, y] = pointAt(path, at);
  const degrees = (angleAt(path, at) * 180) / Math.PI;
  return (
    <path
      d="M0-8V8"
      transform={`translate(${x} ${y}) rotate(${degrees})`}
      stroke="var(--hole)"
      strokeWidth={2}
    />
  );
}

function Arrow({
  path,
  at,
  flip,
}: {
  readonly path: LinkPath;
  readonly at: number;
  readonly flip: boolean;
}): ReactNode {
  const [x, y] = pointAt(path, at);
  const degrees = (angleAt(path, at) * 180) / Math.PI + (flip ? 180 : 0);
  return (
    <path
      d="M-6-6L2 0L-6 6"
      fill="none"
      transform={`translate(${x} ${y}) rotate(${degrees})`}
      stroke="var(--border-control)"
      strokeWidth={1.5}
    />
  );
}

function LinkLine({ path, shape }: { readonly path: LinkPath; readonly shape: LinkShape }): ReactNode {
  const stroke = strokeOf(shape);
  if (shape === 'cut')
    return (
      <>
        <path d={svgPiece(path, 0, breakAt - gap)} fill="none" stroke={stroke} strokeWidth={2} />
        <path d={svgPiece(path, breakAt + gap, 1)} fill="none" stroke={stroke} strokeWidth={2} />
        <Bar path={path} at={breakAt - gap} />
        <Bar path={path} at={breakAt + gap} />
      </>
    );
  if (shape === 'cutThere' || shape === 'cutBack') {
    const dead = shape === 'cutThere';
    return (
      <>
        <path
          d={svgPiece(path, 0, breakAt - gap)}
          fill="none"
          stroke={dead ? stroke : 'var(--border-control)'}
          strokeWidth={dead ? 2 : 1.5}
        />
        <path
          d={svgPiece(path, breakAt + gap, 1)}
          fill="none"
          stroke={dead ? 'var(--border-control)' : stroke}
          strokeWidth={dead ? 1.5 : 2}
        />
        <Bar path={path} at={dead ? breakAt - gap : breakAt + gap} />
        <Arrow path={path} at={dead ? breakAt + gap + 0.06 : breakAt - gap - 0.06} flip={dead} />
      </>
    );
  }
  const dash = shape === 'delayed' ? '8 5' : shape === 'lossy' ? '2 5' : undefined;
  return (
    <path
      d={svgPath(path)}
      fill="none"
      stroke={stroke}
      strokeWidth={shape === 'normal' ? 1.5 : 2}
      {...(dash === undefined ? {} : { strokeDasharray: dash })}
    />
  );
}

function LinkButton({ pair, path }: { readonly pair: LinkPair; readonly path: LinkPath }): ReactNode {
  const t = useT();
  const shape = linkShape(pair);
  const [x, y] = pointAt(path, breakAt);
  const open = (at: { x: number; y: number }): void => {
    selectLink(pair.a, pair.b);
    openMenuAt({ kind: 'link', a: pair.a, b: pair.b }, at);
  };
  const visible = isBroken(shape) || shape === 'held';
  return (
    <EdgeLabelRenderer>
      <div
        className="nodrag nopan absolute flex items-center gap-2"
        style={{
          transform: `translate(${x - 15}px, ${y - 15}px)`,
          pointerEvents: 'all',
          zIndex: visible ? 3 : 1,
        }}
      >
        <button
          type="button"
          tabIndex={-1}
          aria-label={linkName(pair, t)}
          title={linkName(pair, t)}
          className={`grid h-[30px] w-[30px] place-items-center rounded-full ${
            visible ? 'border-[1.5px] border-hole bg-page text-hole' : 'opacity-0'
          }`}
          onClick={() => selectLink(pair.a, pair.b)}
          onContextMenu={(event) => {
            event.preventDefault();
            event.stopPropagation();
            open({ x: event.clientX, y: event.clientY });
          }}
        >
          {visible &&
            (shape === 'held' ? (
              <Pause size={16} aria-hidden="true" />
            ) : (
              <Scissors size={16} aria-hidden="true" />
            ))}
        </button>
        {shape !== 'normal' && (
          <span className="chip chip-hue pointer-events-none" style={{ ['--hue' as string]: 'var(--hole)' }}>
            {linkStateText(pair, t)}
          </span>
        )}
      </div>
    </EdgeLabelRenderer>
  );
}

/** Path of a link at the zoom that is shown, following its two cards. */
function useLinkPath(a: string, b: string): { readonly path: LinkPath | null; readonly quiet: boolean } {
  const boxes = useMap((map) => map.boxes);
  const zoom = useFlowStore(selectZoom);
  const cluster = useFrame((state) => state.cluster);
  const roles = (id: string) => cluster?.nodes.find((node) => node.id === id)?.roles ?? [];
  const level = zoomLevel(zoom);
  const ends = {
    from: a,
    to: b,
    boxes,
    roles,
    shown: (box: Parameters<typeof shownBox>[0]) => shownBox(box, level, zoom),
  };
  return { path: pathBetween(ends), quiet: isQuiet(a, b, ends) };
}

export const LinkEdge = memo(function LinkEdge({ id, source, target }: EdgeProps): ReactNode {
  const pair = useLink(id);
  const { path, quiet } = useLinkPath(source, target);
  const selected = useSelection(
    ({ subject, nodes }) =>
      (subject?.kind === 'link' && subject.a === source && subject.b === target) ||
      nodes.includes(source) ||
      nodes.includes(target),
  );
  if (pair === undefined || path === null) return null;
  const shape = linkShape(pair);
  if (quiet && shape === 'normal' && !selected) return null;
  return (
    <>
      <g opacity={quiet ? 0.5 : 1}>
        <LinkLine path={path} shape={shape} />
      </g>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the pointer's wide target; keyboard and tests use the button */}
      <path
        d={svgPath(path)}
        fill="none"
        stroke="transparent"
        strokeWidth={24}
        style={{ pointerEvents: 'stroke', cursor: 'pointer' }}
        onClick={() => selectLink(pair.a, pair.b)}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          selectLink(pair.a, pair.b);
          openMenuAt({ kind: 'link', a: pair.a, b: pair.b }, { x: event.clientX, y: event.clientY });
        }}
      />
      <LinkButton pair={pair} path={path} />
    </>
  );
});
