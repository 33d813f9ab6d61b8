// The caption: what just happened, in one sentence, with *Why?* and *Show raw* behind it. A polite live region.

import { CircleQuestionMark } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, hueStyle } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { pageText, usePageNames } from '../model/known-names.ts';
import { captionIcons } from './caption-icons.ts';
import { type Caption, describeCaption } from './captions.ts';
import { startCoach } from './coach-driver.ts';
import { glossedCaption } from './gloss.ts';
import { startStory, useCaption, useIsOver } from './story-store.ts';
import '../../words/story/story.en.json';

const WhyPopover = lazy(async () => ({ default: (await import('./why.tsx')).WhyPopover }));
const RawPopover = lazy(async () => ({ default: (await import('./why.tsx')).RawPopover }));

/** The page that a caption names, so that its table is known. */
function pagesNamed(caption: Caption | null, text: string): readonly number[] {
  const event = caption?.moment.listed.event;
  if (event === undefined || !('blockKey' in event) || typeof event.blockKey !== 'number') return [];
  return text.includes(pageText(event.blockKey)) ? [event.blockKey] : [];
}

interface CaptionLineProps {
  /** Shown until something has happened. */
  readonly children: ReactNode;
}

export function CaptionLine({ children }: CaptionLineProps): ReactNode {
  const t = useT();
  const caption = useCaption();
  const isOver = useIsOver();
  // What a sentence says of the protocol need not hold where a rule is switched off.
  const isBroken = useFrame(({ frame }) => (frame?.mutants.length ?? 0) > 0);
  const isSilent = useSettings(({ narration }) => narration === 'off');
  useEffect(() => {
    startStory();
    startCoach();
  }, []);
  const text = caption === null ? '' : glossedCaption(describeCaption(caption, t), caption.kind);
  usePageNames('caption', pagesNamed(caption, text));
  const Icon = captionIcons[caption?.icon ?? 'mark'];
  return (
    <>
      {caption === null ? (
        children
      ) : (
        <Icon
          size={20}
          strokeWidth={1.75}
          aria-hidden="true"
          className="flex-none"
          style={{ color: `var(--${caption.hue})` }}
        />
      )}
      <p
        aria-live={isSilent ? 'off' : 'polite'}
        aria-atomic="true"
        title={text}
        data-caption={caption?.kind ?? ''}
        className="caption-text"
      >
        {text}
      </p>
      {isOver && (
        <span className="chip flex-none" title={t('story.overNote')}>
          {t('story.over')}
        </span>
      )}
      {caption !== null && isBroken && (
        <span className="chip chip-hue flex-none" style={hueStyle('fence')} title={t('story.brokenNote')}>
          {t('story.broken')}
        </span>
      )}
      {caption !== null && (
        <span className="mono caption-instant" title={t('story.instant')}>
          {millis(caption.moment.listed.at)}
        </span>
      )}
      {caption !== null && <Behind />}
    </>
  );
}

/** Buttons that load their popovers when first pressed. */
function Behind(): ReactNode {
  const t = useT();
  const caption = useCaption();
  const [open, setOpen] = useState<'why' | 'raw' | null>(null);
  if (caption === null) return null;
  const why = (
    <Button small look="line" icon={CircleQuestionMark} aria-haspopup="dialog" onClick={() => setOpen('why')}>
      {t('story.why')}
    </Button>
  );
  const raw = (
    <Button small className="raw tablet:hidden" aria-haspopup="dialog" onClick={() => setOpen('raw')}>
      {t('story.raw')}
    </Button>
  );
  const close = (): void => setOpen(null);
  return (
    <span className="flex flex-none items-center gap-1">
      {open === 'why' ? (
        <Suspense fallback={why}>
          <WhyPopover caption={caption} trigger={why} onClose={close} />
        </Suspense>
      ) : (
        why
      )}
      {open === 'raw' ? (
        <Suspense fallback={raw}>
          <RawPopover caption={caption} trigger={raw} onClose={close} />
        </Suspense>
      ) : (
        raw
      )}
    </span>
  );
}
