// Text description of lens 4.11: the numbers of the moment shown.

import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { sampleOf } from '../../../state/metrics-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { chartsFor, figuresOf, numberText } from './charts.ts';
import type { ChartSpec } from './metrics-table.ts';
import '../../../words/lens/metrics.en.json';

/** Names with values of one picture, in these charts. */
export const saidOf = (
  frame: WorldFrame,
  charts: readonly ChartSpec[],
  t: Translate,
): readonly (readonly [name: string, value: string])[] => {
  const columns = Object.fromEntries(Object.entries(sampleOf(frame)).map(([name, value]) => [name, [value]]));
  const series = { timeMs: [frame.time / 1000], columns };
  return figuresOf(charts, series, t).map(([name, value]) => [name, numberText(value)]);
};

export function describeMetrics(frame: WorldFrame, t: Translate): string {
  const values = saidOf(frame, chartsFor(frame.preset, [], frame.cluster), t).map(([name, value]) =>
    t('metrics.value', { name, value }),
  );
  return t('metrics.describe', { at: millis(frame.time), values: values.join(t('list.semicolon')) });
}
