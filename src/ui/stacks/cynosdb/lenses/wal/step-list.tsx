// The list of one replica as it changed, step by step: each state that the node showed, what became of which item, and
// the node's own events meanwhile. What is shown is what was recorded while the lens was open, nothing is replayed.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { RunView } from '../../../../../core/log-store/store-view.ts';
import { frameStore } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { useEntrance } from '../../../../kit/entrance.ts';
import { millis, rangeText } from '../../../../kit/format.ts';
import { Muted, Section, Stepper } from '../../../../lens/section.tsx';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import { addStep, eventsOfStep, itemsNear, type ListStep, stepKinds } from './list-steps.ts';
import '../../../../../words/cynosdb/wal.en.json';

function useSteps(runs: readonly RunView[]): readonly ListStep[] {
  const [steps, setSteps] = useState<readonly ListStep[]>([]);
  const last = useRef<readonly RunView[] | null>(null);
  useEffect(() => {
    const before = last.current;
    last.current = runs;
    const at = frameStore.getState().frame?.time ?? 0;
    setSteps((known) => addStep(known, before, runs, at));
  }, [runs]);
  return steps;
}

interface ItemsProps {
  readonly label: string;
  readonly runs: readonly RunView[];
  readonly step: ListStep;
  readonly enters?: boolean;
}

function Items({ label, runs, step, enters = false }: ItemsProps): ReactNode {
  const near = itemsNear(step, runs);
  // What the list is comes in item by item; what it was stands.
  const list = useEntrance<HTMLElement>(enters ? step : null, 'span');
  return (
    <>
      <dt>{label}</dt>
      <dd ref={list} className="run-list">
        {near.map(({ run, isTouched }) => (
          <span
            key={run.first}
            className={isTouched ? 'font-bold' : 'text-muted'}
            {...(run.type === 'hole' ? { 'data-run': run.sent ? 'sent' : 'hole' } : {})}
          >
            {rangeText(run.first, run.end)} {run.type.toUpperCase()}
            {run.sent ? ` sent ${run.request ?? ''}` : ''}
          </span>
        ))}
      </dd>
    </>
  );
}

/** Virtual µs looked back for what a node did in a step. */
const stepsUs = 500_000;
const ownNeed: PastNeed = { minRank: 0, kinds: stepKinds, withMessages: false };

interface EventsProps {
  readonly node: string;
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

function Events(props: EventsProps): ReactNode {
  const t = useT();
  const past = usePast(stepsUs, null, ownNeed);
  const own = eventsOfStep(past?.events ?? [], props);
  if (own.length === 0) return null;
  return (
    <>
      <dt>{t('walSteps.events')}</dt>
      <dd className="mono text-[12px]">{own.map(({ event }) => event.kind).join(', ')}</dd>
    </>
  );
}

interface StepListProps {
  readonly node: string;
  readonly group: string;
  readonly runs: readonly RunView[];
}

export function StepList({ node, group, runs }: StepListProps): ReactNode {
  const t = useT();
  const steps = useSteps(runs);
  const [chosen, setChosen] = useState<number | null>(null);
  const index = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const step = steps[index];
  const title = t('walSteps.title', { node, group });
  return (
    <Section
      className="px-4 pb-3"
      title={title}
      tools={
        <Stepper
          at={index}
          count={steps.length}
          names={[t('walSteps.before'), t('walSteps.after'), t('walSteps.place')]}
          onStep={(next) => setChosen(next >= steps.length - 1 && next > index ? null : next)}
        />
      }
    >
      {step === undefined ? (
        <Muted>{t('walSteps.none')}</Muted>
      ) : (
        <dl className="facts text-[12px]">
          <dt>{`${millis(step.at)} ms`}</dt>
          <dd>
            {step.changes
              .map(({ kind, first, end }) => `${t(`walSteps.${kind}`)} ${rangeText(first, end)}`)
              .join(' · ')}
          </dd>
          <Items label={t('walSteps.was')} runs={step.before} step={step} />
          <Items label={t('walSteps.is')} runs={step.after} step={step} enters />
          <Events node={node} group={group} from={steps[index - 1]?.at ?? 0} to={step.at} />
        </dl>
      )}
    </Section>
  );
}
