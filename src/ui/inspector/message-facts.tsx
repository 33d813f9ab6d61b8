// A message in flight: what it is, between whom, since when, until when.

import type { ReactNode } from 'react';
import type { FlightView } from '../../sim/types.ts';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import { useT } from '../i18n/i18n.ts';
import { Fact } from '../kit/fact.tsx';
import { millis, rangeText } from '../kit/format.ts';
import { OpenTrace } from '../lens/traces/open-trace.tsx';
import '../../words/model/summary.en.json';

export function MessageFacts({ flight }: { readonly flight: FlightView }): ReactNode {
  const t = useT();
  const { label } = flight;
  return (
    <>
      <dl className="facts">
        <Fact label={t('message.kind')}>{`${label.kind} · ${t(glyphs[label.family].label)}`}</Fact>
        <Fact label={t('message.route')}>{`${flight.from} → ${flight.to}`}</Fact>
        {label.group !== null && <Fact label={t('lens.group')}>{label.group}</Fact>}
        {label.range !== null && (
          <Fact label={t('lens.range')}>
            <span className="mono">{rangeText(label.range[0], label.range[1])}</span>
          </Fact>
        )}
        {label.token !== null && <Fact label={t('message.token')}>{label.token}</Fact>}
        <Fact label={t('message.sent')}>{`${millis(flight.sentAt)} ms`}</Fact>
        <Fact label={t('message.arrives')}>{`${millis(flight.arrivesAt)} ms`}</Fact>
        <Fact label={t('message.size')}>{`${flight.bytes} B`}</Fact>
        <Fact label={t('message.id')}>
          <span className="mono">{flight.id}</span>
        </Fact>
      </dl>
      {label.trace !== undefined && label.trace > 0 && (
        <OpenTrace asked={{ target: { kind: 'trace', traceId: label.trace }, at: flight.sentAt }} />
      )}
      <h3 className="heading">{t('summary.act')}</h3>
      <FaultButtons subject={{ kind: 'message', id: flight.id }} />
    </>
  );
}
