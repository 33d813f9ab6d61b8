// One step of a reader of a volume in files: its seat with what its engine and its effects need (docs/spec/logindex.md LI-63).

import type { Time } from '../../base/ids.ts';
import type { EngineProgram, ReaderProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import { mayServe } from '../logindex/reader-slots.ts';
import type { SharedReader } from './shared-reader.ts';

export interface ReaderStep<E> {
  readonly seat: SharedReader<E>;
  readonly program: EngineProgram<E>;
  readonly reader: ReaderProgram<E>;
  readonly ctx: RoleContext;
}

/** LI-63: its lease lasts, and the device has seen no writer above its own. */
export const serves = <E>({ phase, leaseFrom, leaseUs, host, token }: SharedReader<E>, now: Time): boolean =>
  phase === 'ready' && mayServe(now, leaseFrom, leaseUs) && host.device.seen <= token;
