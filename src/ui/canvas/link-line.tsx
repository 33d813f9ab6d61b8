// A link's line in the state it is in: whole, broken with a gap, half broken, dashed, dotted, thick and thin. Hue and
// pattern both say it.

import type { ReactNode } from 'react';
import type { LinkShape } from '../../state/link-pair.ts';
import { angleAt, breakAt, type LinkPath, pointAt, svgPath, svgPiece } from './link-path.ts';

/** Half the width of a cut's gap. */
const gap = 0.035;

export const isBroken = (shape: LinkShape): boolean =>
  shape === 'cut' || shape === 'cutThere' || shape === 'cutBack';
const strokeOf = (shape: LinkShape): string =>
  shape === 'normal' || shape === 'waiting' ? 'var(--border-control)' : 'var(--hole)';

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

interface ArrowProps {
  readonly path: LinkPath;
  readonly at: number;
  readonly flip: boolean;
}

function Arrow({ path, at, flip }: ArrowProps): ReactNode {
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

interface LineProps {
  readonly path: LinkPath;
  readonly shape: LinkShape;
  /** Nobody points at it: thin and pale until it carries something, which the overlay of messages draws. */
  readonly isAtRest?: boolean;
}

function HalfCut({ path, shape }: LineProps): ReactNode {
  const isThere = shape === 'cutThere';
  const live = { stroke: 'var(--border-control)', strokeWidth: 1.5 };
  const dead = { stroke: 'var(--hole)', strokeWidth: 2 };
  return (
    <>
      <path d={svgPiece(path, 0, breakAt - gap)} fill="none" {...(isThere ? dead : live)} />
      <path d={svgPiece(path, breakAt + gap, 1)} fill="none" {...(isThere ? live : dead)} />
      <Bar path={path} at={isThere ? breakAt - gap : breakAt + gap} />
      <Arrow path={path} at={isThere ? breakAt + gap + 0.06 : breakAt - gap - 0.06} flip={isThere} />
    </>
  );
}

const dashes: Readonly<Partial<Record<LinkShape, string>>> = { delayed: '8 5', lossy: '2 5' };

export function LinkLine({ path, shape, isAtRest = false }: LineProps): ReactNode {
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
  if (isBroken(shape)) return <HalfCut path={path} shape={shape} />;
  const dash = dashes[shape];
  return (
    <>
      <path
        d={svgPath(path)}
        fill="none"
        stroke={stroke}
        strokeWidth={shape !== 'normal' ? 2 : isAtRest ? 1 : 1.5}
        opacity={shape === 'normal' && isAtRest ? 0.4 : 1}
        {...(dash === undefined ? {} : { strokeDasharray: dash })}
      />
      {shape === 'capped' && (
        <path
          d={svgPath(path)}
          fill="none"
          stroke={stroke}
          strokeWidth={6}
          strokeDasharray="26 34"
          opacity={0.55}
        />
      )}
    </>
  );
}
