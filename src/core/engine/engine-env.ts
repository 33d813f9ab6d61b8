// What one call into the engine works with.

import type { RoleContext } from '../kernel/context.ts';
import type { EngineState, Env } from './engine-state.ts';
import type { EnginePorts } from './ports.ts';

export function makeEnv(engine: EngineState, ctx: RoleContext, ports: EnginePorts): Env {
  const { log, pages, metadata } = ports;
  engine.vdl = log.durable;
  return {
    engine,
    mutants: engine.config.mutants,
    ctx,
    log,
    pages,
    metadata,
    touched: [],
    pagesSeen: 0,
    pageWatch: null,
    session: null,
    hasLogTurn: false,
    logReserved: 0,
    roomUse: 'work',
    horizon: -1,
  };
}
