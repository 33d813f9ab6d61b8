// Lanes of the timeline that a stack adds between faults and the density of events: dots, a staircase, spans.

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { SteppedGauge } from '../../run-model/gauges/gauge.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import type { PlainKey } from '../i18n/i18n.ts';

export interface LaneSpan {
  readonly key: string;
  readonly label: string;
  /** Virtual µs. */
  readonly from: number;
  /** Null: it has not ended. */
  readonly to: number | null;
  /** Drawn filled; else only its dashed border. */
  readonly isFilled: boolean;
}

interface Named {
  readonly label: PlainKey;
}

export type TimelineLane =
  /** A dot for each event of a kind. */
  | (Named & { readonly form: 'dots'; readonly hue: string; readonly kind: TraceKind })
  /** A gauge over time, by the events that set it. */
  | (Named & { readonly form: 'steps'; readonly gauge: SteppedGauge })
  | (Named & {
      readonly form: 'spans';
      readonly hue: string;
      /** Of the events that it reads. */
      readonly kinds: readonly TraceKind[];
      read(events: readonly ListedEvent[]): readonly LaneSpan[];
    });
