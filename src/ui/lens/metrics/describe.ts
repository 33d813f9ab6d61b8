// Text description of lens 4.11: the numbers of the moment shown.

import type { WorldFrame } from '../../../sim/frame.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { duration, millis } from '../../kit/format.ts';
import './texts.ts';

export function describeMetrics({ time, metrics }: WorldFrame, t: Translate): string {
  const said = (name: string, value: string): string => t('metrics.value', { name, value });
  const values = [
    said(t('metrics.commits'), String(metrics.commitsPerSecond)),
    said('p50', duration(metrics.latencyP50Us)),
    said('p95', duration(metrics.latencyP95Us)),
    said('p99', duration(metrics.latencyP99Us)),
    said(t('metrics.behind'), String(Math.max(0, (metrics.vcl ?? 0) - (metrics.vdl ?? 0)))),
    said(t('metrics.lag'), String(metrics.replicaLag ?? 0)),
    said(t('metrics.waiting'), String(metrics.commitsWaiting ?? 0)),
    said(t('metrics.openHoles'), String(metrics.holesOpen ?? 0)),
  ];
  return t('metrics.describe', { at: millis(time), values: values.join('; ') });
}
