// Facts of the chosen span: its times, what it was about, and the events of the work.

import type { ReactNode } from 'react';
import type { Span } from '../../../run-model/spans/span.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button } from '../../kit/button.tsx';
import { Fact } from '../../kit/fact.tsx';
import { millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { Section } from '../section.tsx';
import { spanName } from './waterfall.ts';
import '../../../words/lens/traces.en.json';

export const factsText = (facts: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

export function SpanFacts({ span }: { readonly span: Span }): ReactNode {
  const t = useT();
  const lab = useLab();
  const times = [
    [t('traces.sent'), span.start],
    [t('traces.received'), span.receivedAt],
    [t('traces.worked'), span.workedUntil],
    [t(span.kind === 'call' ? 'traces.answered' : 'traces.ended'), span.end],
  ] as const;
  return (
    <Section
      title={t('traces.chosen')}
      tools={
        <Button small look="line" onClick={() => void lab.seek(span.start as Parameters<typeof lab.seek>[0])}>
          {t('traces.goTo')}
        </Button>
      }
    >
      <dl className="facts" aria-live="polite">
        <Fact label={t('traces.span')}>
          <span className="mono">{spanName(span)}</span>
        </Fact>
        <Fact label={t('traces.status')}>{t(`traces.status.${span.status}`)}</Fact>
        {times.map(([label, at]) =>
          at === null ? null : (
            <Fact key={label} label={label}>
              <span className="mono">{`${millis(at)} ms`}</span>
            </Fact>
          ),
        )}
        {Object.entries(span.attributes).map(([key, value]) => (
          <Fact key={key} label={key}>
            <span className="mono">{String(value)}</span>
          </Fact>
        ))}
        {span.links.map(({ traceId }) => (
          <Fact key={traceId} label={t('traces.link')}>
            <span className="mono">{traceId === 0 ? '–' : traceId}</span>
          </Fact>
        ))}
      </dl>
      {span.events.length > 0 && (
        <>
          <h4 className="heading">{t('traces.events')}</h4>
          <ul className="mono text-[12px] leading-5">
            {span.events.map(({ at, name, fields }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events of a span keep their order
              <li key={i} className="truncate" title={factsText(fields)}>
                <span className="text-muted">{millis(at)}</span> {name}{' '}
                <span className="text-muted">{factsText(fields)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
