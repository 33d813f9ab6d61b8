// What an attachment at a volume in files shows of itself.

import type { Term, Time } from '../../base/ids.ts';
import type { ComputeView } from '../compute/compute-view.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { applyLsnOf, type SharedReader, slotOf } from './shared-reader.ts';
import { viewReader, viewWriter } from './shared-view.ts';

export function writerView<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  now: Time,
  params: ViewParams,
): ComputeView {
  const { log, token, phase, config, boot } = attachment;
  const { sessionViews: _, ...engine } = program.engineView(attachment.engine, now, params);
  return {
    role: 'compute',
    bootEpoch: boot,
    volume: volumeOf(attachment),
    mode: 'rw',
    state: phase.kind === 'open' || phase.kind === 'fenced' ? phase.kind : 'recovering',
    token,
    tail: log.tail,
    vcl: log.durable,
    vdl: log.durable,
    lal: config.params.lal,
    startLsn: 'startLsn' in phase ? phase.startLsn : 0,
    allocationLimit: log.durable + config.params.lal,
    pgmrpl: log.durable,
    logBuffer: log.buffered.length,
    groups: [],
    records: [],
    recovery: null,
    opening: null,
    others: [],
    ...engine,
    shared: viewWriter(program, attachment, now, params, engine.pages?.frames ?? []),
  };
}

export function readerView<E>(
  program: EngineProgram<E>,
  reader: SharedReader<E>,
  now: Time,
  params: ViewParams,
): ComputeView {
  const { engine, phase, boot, config } = reader;
  const slot = slotOf(reader);
  const applyLsn = applyLsnOf(reader);
  const { sessionViews: _, ...shown } = program.engineView(engine, now, params);
  return {
    role: 'compute',
    bootEpoch: boot,
    volume: config.cluster.volume,
    mode: 'ro',
    state: phase.kind === 'ready' ? 'open' : 'starting',
    token: slot?.token ?? (0 as Term),
    tail: applyLsn,
    vcl: slot?.durableLsn ?? 0,
    vdl: applyLsn,
    lal: config.params.lal,
    startLsn: slot?.readyLsn ?? 0,
    allocationLimit: -1,
    pgmrpl: -1,
    logBuffer: 0,
    groups: [],
    records: [],
    recovery: null,
    opening: null,
    others: [],
    ...shown,
    shared: viewReader(program, reader, params),
  };
}
