// What an audience sees: the beat's title, the map and one lens, the caption. Drawn for a window of some size and scaled as a whole,
// so that the presenter's picture of it is the same, and what is pointed at there is pointed at here.

import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { ClusterMap } from '../canvas/cluster-map.tsx';
import { ofBoth } from '../i18n/both.ts';
import { useT } from '../i18n/i18n.ts';
import { LensHost } from '../lens/lens-host.tsx';
import { captionIcons } from '../story/caption-icons.ts';
import { describeCaption } from '../story/captions.ts';
import { glossedCaption } from '../story/gloss.ts';
import { startStory, useCaption } from '../story/story-store.ts';
import { type Stage as StageState, stageStore } from './stage-state.ts';
import './present.css';
import '../../words/present.en.json';

/** How much larger than in the lab everything is. */
export const STAGE_SCALE = 1.5;

function StageCaption(): ReactNode {
  const t = useT();
  const caption = useCaption();
  useEffect(startStory, []);
  const Icon = captionIcons[caption?.icon ?? 'mark'];
  return (
    <p className="stage-caption" aria-live="polite" data-caption={caption?.kind ?? ''}>
      {caption !== null && (
        <>
          <Icon
            size={24}
            strokeWidth={1.75}
            aria-hidden="true"
            className="flex-none"
            style={{ color: `var(--${caption.hue})` }}
          />
          <span>{glossedCaption(describeCaption(caption, t), caption.kind)}</span>
        </>
      )}
    </p>
  );
}

function Asked({ stage }: { readonly stage: StageState }): ReactNode {
  const t = useT();
  const { asked, language } = stage;
  if (asked === null) return null;
  const most = Math.max(1, ...asked.answers.map(({ hands }) => hands));
  return (
    <section className="stage-asked" aria-label={t('present.question')}>
      <h2>{ofBoth(asked.question, language)}</h2>
      <ul>
        {asked.answers.map(({ text, hands }) => (
          <li key={text.en}>
            <span>{ofBoth(text, language)}</span>
            <b className="mono">{hands}</b>
            <i style={{ width: `${(hands / most) * 100}%` }} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PointerMark({ stage }: { readonly stage: StageState }): ReactNode {
  const { pointer } = stage;
  if (pointer === null) return null;
  const [left, top] = [`${pointer.x * 100}%`, `${pointer.y * 100}%`];
  return pointer.kind === 'laser' ? (
    <i className="stage-laser" data-pointer="laser" style={{ left, top }} />
  ) : (
    <i
      className="stage-spotlight"
      data-pointer="spotlight"
      style={{
        background: `radial-gradient(circle at ${left} ${top}, transparent 110px, rgb(0 0 0 / 0.72) 140px)`,
      }}
    />
  );
}

interface StageProps {
  /** Of what it is drawn for, before it is scaled, px. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

export function Stage({ width, height, scale }: StageProps): ReactNode {
  const stage = useStore(stageStore);
  const { title, language, full, isBlank, isHighContrast } = stage;
  return (
    <div
      className="stage"
      data-full={full ?? 'none'}
      data-contrast={isHighContrast ? 'high' : undefined}
      style={{ width, height, transform: `scale(${scale})` }}
    >
      {title !== null && <h1 className="stage-title">{ofBoth(title, language)}</h1>}
      <div className="stage-panes">
        {full !== 'lens' && (
          <section className="stage-map">
            <ClusterMap />
          </section>
        )}
        {full !== 'map' && (
          <section className="stage-lens">
            <LensHost place="first" />
          </section>
        )}
        <Asked stage={stage} />
      </div>
      <StageCaption />
      <PointerMark stage={stage} />
      {isBlank && <div className="stage-blank" data-blank />}
    </div>
  );
}
