// A node's card as another node knows it: what that one has cached of it, dotted where it is no longer true, with its age.
// What it knows nothing of stays empty. Loaded with the first point of view.

import { type ReactNode, useEffect, useState } from 'react';
import { frameStore, useFrame, useNode } from '../../state/frame-store.ts';
import { mapView } from '../../state/map-view.ts';
import { useT } from '../i18n/i18n.ts';
import { Chip } from '../kit/button.tsx';
import { duration, groupDigits } from '../kit/format.ts';
import { worded } from '../kit/term.tsx';
import { ageOf, type Belief, makeTruthTracker } from '../model/knowledge.ts';
import { beliefsOf, roleIcon } from '../model/role-cards.ts';
import { type CardProps, linesOf } from './fit-lines.ts';
import '../../words/canvas/tool.en.json';

const tracker = makeTruthTracker();

/** Follows the truth of whatever is looked at while somebody's point of view is taken. */
frameStore.subscribe(({ frame, nodes }) => {
  const { pov } = mapView.getState();
  const viewer = pov === null ? undefined : nodes[pov];
  if (frame === null || viewer === undefined) return;
  for (const other of frame.nodes)
    if (other.id !== viewer.id) tracker.record(other.id, beliefsOf(viewer, other), frame.time);
});

const marksShown = 3;
const agesShown = 2;

const valueText = (value: number | string): string =>
  typeof value === 'number' ? groupDigits(value) : value;

interface ValueProps {
  readonly one: Belief;
  readonly node: string;
  readonly pov: string;
  /** How old what is no longer true is; null: it is true. */
  readonly age: string | null;
}

function KnownValue({ one, node, pov, age }: ValueProps): ReactNode {
  const t = useT();
  return (
    <output
      aria-live="off"
      aria-label={t('map.markAsKnown', { mark: one.label, node, pov })}
      aria-description={age === null ? undefined : t('map.staleMark', { age, truth: valueText(one.truth) })}
      className={one.known === one.truth ? '' : 'believed'}
      title={age ?? undefined}
    >
      {valueText(one.known)}
    </output>
  );
}

interface KnownProps extends CardProps {
  readonly pov: string;
}

function useAgeText(): (node: string, one: Belief, now: number) => string | null {
  const t = useT();
  return (node, one, now) => {
    const age = ageOf(tracker, node, one, now);
    if (age === null) return null;
    if (age.kind === 'unknown') return t('map.ageUnknown');
    return t(age.kind === 'exact' ? 'map.ageKnown' : 'map.ageLeast', { time: duration(age.us) });
  };
}

export function KnownCard({ id, pov, level, width, height }: KnownProps): ReactNode {
  const t = useT();
  const node = useNode(id);
  const viewer = useNode(pov);
  const now = useFrame(({ frame }) => frame?.time ?? 0);
  const ageText = useAgeText();
  const [, setReady] = useState(false);
  // The tracker has seen this picture after the first drawing.
  useEffect(() => setReady(true), []);
  if (node === undefined || viewer === undefined) return null;
  const beliefs = beliefsOf(viewer, node);
  const Icon = roleIcon(node);
  if (level === 'fit')
    return (
      <div className="card-fit" data-known={beliefs.length > 0} style={{ width, height }}>
        <div className="fit-head">
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          <span className="fit-name">{node.id}</span>
        </div>
        {beliefs.length === 0 && (
          <div className="truncate text-muted" title={t('map.knowsNothing', { node: pov })}>
            {t('map.knowsNothing', { node: pov })}
          </div>
        )}
        {beliefs.slice(0, linesOf(height, 1)[0]).map((one) => (
          <div key={one.label} className="fit-mark">
            <span>{worded(one.label)}</span>
            <b>
              <KnownValue one={one} node={node.id} pov={pov} age={ageText(node.id, one, now)} />
            </b>
          </div>
        ))}
      </div>
    );
  if (level === 'dot')
    return (
      <div className="card-dot" data-known={beliefs.length > 0}>
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      </div>
    );
  const stale = beliefs.filter(({ known, truth }) => known !== truth);
  return (
    <div className="card" data-known={beliefs.length > 0}>
      <div className="card-head">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="card-id">{node.id}</span>
        <span className="flex-1" />
        <Chip hue="reader">{t('map.povOf', { node: pov })}</Chip>
      </div>
      <div className="card-marks">
        {beliefs.slice(0, marksShown).map((one) => (
          <div key={one.label}>
            <u>{worded(one.label)}</u>
            <KnownValue one={one} node={node.id} pov={pov} age={ageText(node.id, one, now)} />
          </div>
        ))}
      </div>
      <div className="card-body text-muted">
        {beliefs.length === 0 && t('map.knowsNothing', { node: pov })}
        {stale.slice(0, agesShown).map((one) => (
          <div key={one.label} className="flex justify-between gap-2">
            <span>{worded(one.label)}</span>
            <span className="mono">{ageText(node.id, one, now)}</span>
          </div>
        ))}
      </div>
      <div className="card-foot">
        {beliefs.length > 0 &&
          (stale.length === 0 ? t('map.upToDate') : t('map.staleCount', { count: stale.length }))}
      </div>
    </div>
  );
}
