// One step of a reader of a volume in files: its attachment with what its engine and its effects need (docs/spec/logindex.md LI-63).

import type { Time } from '../../base/ids.ts';
import type { EngineProgram, ReaderProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import { mayServe } from '../logindex/reader-slots.ts';
import type { ReplayStep } from './page-replay.ts';
import type { ReadyReader, SharedReader } from './shared-reader.ts';

export interface ReaderStep<E> {
  readonly attachment: SharedReader<E>;
  readonly program: EngineProgram<E>;
  readonly reader: ReaderProgram<E>;
  readonly ctx: RoleContext;
}

/** LI-63: its lease lasts, and the device has seen no writer above its own. */
export const serves = <E>({ phase, host }: SharedReader<E>, now: Time): boolean =>
  phase.kind === 'ready' &&
  mayServe(now, phase.slot.leaseFrom, phase.slot.leaseUs) &&
  host.device.seen <= phase.slot.token;

export const replayStep = <E>(
  { attachment: { work, config }, ctx }: ReaderStep<E>,
  { replay }: ReadyReader,
): ReplayStep => ({ replay, work, config, ctx });
