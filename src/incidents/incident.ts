// What the field knows as an incident: a short run in which it happens and the protocol holds, and its counterpart, where a rule is off
// or, where no rule protects, one thing is done otherwise. Data; the differences that it claims are tried in incidents.world.test.ts.

import type { Time } from '../base/ids.ts';
import type { MutantName } from '../core/kernel/mutants.ts';
import type { TraceKind } from '../core/kernel/trace.ts';
import type { RuleSlug } from '../sim/checks/monitor.ts';
import type { Presets } from '../sim/presets.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { TapeTables } from '../sim/tape-actions.ts';
import { tapeWith } from './tape-with.ts';

export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** `holds`: as the protocol is; `breaks`: the counterpart. */
export type Side = 'holds' | 'breaks';

/** How the two sides differ. Nothing is violated where it holds. */
export type Difference =
  /** A monitor raises the alarm in the counterpart. */
  | { readonly kind: 'rule'; readonly rule: RuleSlug }
  /** What the last statement of a session is answered: a row, a tag, or `error` and its SQLSTATE. */
  | { readonly kind: 'answer'; readonly session: string; readonly holds: string; readonly breaks: string }
  /** Commits that are acknowledged between two virtual times, ms: at least, and at most. */
  | {
      readonly kind: 'commits';
      readonly between: readonly [number, number];
      readonly holds: number;
      readonly breaks: number;
    }
  /** Events of a kind: at least so many on the side that is named, and none on the other. */
  | {
      readonly kind: 'events';
      readonly event: Extract<TraceKind, 'raft.leader' | 'split.begin'>;
      readonly on: Side;
      readonly least: number;
    };

export interface Incident {
  readonly id: string;
  /** As `clusterSaid` reads it: the name of a preset, or the lines of a cluster. */
  readonly cluster: string;
  readonly seed: number;
  /** Virtual ms: where it is opened, just before the first thing happens, and where all has been seen. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Parameters of both sides. */
  readonly changes?: readonly (readonly [name: string, value: number])[];
  /** Planted bugs of both sides: what would hide the difference. */
  readonly off?: readonly MutantName[];
  /** Lines of the tape beside the cluster's own load. */
  readonly actions: readonly string[];
  readonly counterpart:
    | { readonly off: MutantName }
    | { readonly set: readonly [name: string, value: number] }
    | { readonly actions: readonly string[] };
  readonly difference: Difference;
  readonly words: {
    readonly title: Words;
    /** What it is called and what is known of it. */
    readonly known: Words;
    readonly holds: Words;
    readonly breaks: Words;
  };
}

/** The tape of one side, with these beats. @throws where its cluster is none, with the line and the field */
export function incidentTape(
  presets: Presets,
  tables: TapeTables,
  incident: Incident,
  side: Side,
  marks: readonly TapeMark[] = [],
): string {
  const { cluster, seed, off = [], changes = [], actions, counterpart } = incident;
  const same = { cluster, seed, off, changes, actions, marks };
  if (side === 'holds') return tapeWith(presets, tables, same);
  if ('off' in counterpart) return tapeWith(presets, tables, { ...same, off: [...off, counterpart.off] });
  if ('set' in counterpart)
    return tapeWith(presets, tables, { ...same, changes: [...changes, counterpart.set] });
  return tapeWith(presets, tables, { ...same, actions: counterpart.actions });
}

/** Where it is opened. */
export const openAt = ({ fromMs }: Incident): Time => (fromMs * 1000) as Time;
