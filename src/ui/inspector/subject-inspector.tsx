// Inspector of a group, page, MTR, request, row, event or trace: facts, the lens that shows more, raw data.

import { Crosshair } from 'lucide-react';
import type { ReactNode } from 'react';
import { useClockOf } from '../../state/clock-store.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import type { Subject } from '../../state/subject.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, EmptyState } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { useLab } from '../lab-context.ts';
import { lensFor } from '../lens/registry.ts';
import { OpenTrace } from '../lens/traces/open-trace.tsx';
import { statementOf } from '../lens/traces/statement-of.ts';
import { usePageNames } from '../model/known-names.ts';
import { showLens } from '../model/show-lens.ts';
import { RawTab } from './raw-tab.tsx';
import { isListed, type SubjectFacts, subjectFacts } from './subject-facts.ts';
import '../../words/inspector.en.json';

export function useSubjectFacts(subject: Subject | null): SubjectFacts | null {
  const t = useT();
  const frame = useFrame((state) => state.frame);
  const volume = useSelection((state) => state.volume);
  const page = subject?.kind === 'page' || subject?.kind === 'row' ? subject.blockKey : null;
  const nameOf = usePageNames('inspector.page', page === null ? [] : [page]);
  if (subject === null || frame === null || !isListed(subject)) return null;
  return subjectFacts(subject, frame, t, nameOf, volume);
}

/** As far as the space-time lens has shown the event. */
function ClockFact({ index }: { readonly index: number }): ReactNode {
  const t = useT();
  const clock = useClockOf(index);
  if (clock === null) return null;
  return (
    <Fact label={t('about.clock')}>
      <span className="mono">{clock.places.map(([lane, place]) => `${lane} ${place}`).join(' · ')}</span>
    </Fact>
  );
}

export function SubjectSummary({
  subject,
  found,
}: {
  readonly subject: Subject;
  readonly found: SubjectFacts;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const at = subject.kind === 'event' ? subject.listed.at : null;
  const lens = lensFor(subject.kind);
  const asked = subject.kind === 'event' ? statementOf(subject.listed) : null;
  return (
    <>
      {found.facts.length === 0 && <EmptyState>{t('about.nothing')}</EmptyState>}
      <dl className="facts">
        {found.facts.map(([label, value], i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have their order and nothing else
          <Fact key={`${label} ${i}`} label={label}>
            <span className="mono">{value}</span>
          </Fact>
        ))}
        {subject.kind === 'event' && <ClockFact index={subject.listed.index} />}
      </dl>
      <div className="mt-3 flex gap-2">
        {lens !== undefined && (
          <Button small look="line" onClick={() => showLens(lens.id)}>
            {t('about.show', { lens: t(lens.title) })}
          </Button>
        )}
        {asked !== null && <OpenTrace asked={asked} />}
        {at !== null && (
          <Button small look="line" icon={Crosshair} onClick={() => void lab.seek(at)}>
            {t('events.goTo')}
          </Button>
        )}
      </div>
    </>
  );
}

export const SubjectRaw = ({ found }: { readonly found: SubjectFacts }): ReactNode => (
  <RawTab name={found.title} value={found.raw} />
);
