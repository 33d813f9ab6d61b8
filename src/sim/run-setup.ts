// Everything a host needs to run a tape: the fabric's specification, which node program it is for, how it boots, and
// at which pace it is shown.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import type { MessageLabel } from '../core/kernel/message-label.ts';
import { readMutants } from './checks/mutants.ts';
import { clusterSaid } from './cluster-said.ts';
import { ENGINE } from './engine.ts';
import type { RunSpec } from './fabric-state.ts';
import type { Known } from './known.ts';
import type { Presets } from './presets.ts';
import type { AnyProgram } from './runner-state.ts';
import type { Tape } from './tape.ts';
import { makeTape, runOfTape } from './tape-run.ts';

export interface RunSetup {
  readonly tape: Tape;
  readonly spec: RunSpec;
  /** The stack whose nodes it runs. */
  readonly program: string;
  /** From a start: virtual µs at maximum speed before the screen's pace begins (PRE-4). */
  readonly bootUntilUs: number;
  /** Virtual µs per wall second, null as fast as possible. */
  readonly speed: number | null;
  /** Too many nodes for a worker and a database each. */
  readonly isInMemory: boolean;
  readonly describe: (bytes: Uint8Array) => MessageLabel;
}

export type SetupResult =
  | { readonly ok: true; readonly setup: RunSetup }
  | { readonly ok: false; readonly error: string };

const damaged: MessageLabel = { kind: 'damaged', family: 'control', group: null, range: null, token: null };

const describeWith =
  (program: AnyProgram) =>
  (bytes: Uint8Array): MessageLabel => {
    const decoded = program.decodeMessage(bytes);
    if ('error' in decoded) return damaged;
    return { ...program.describeMessage(decoded.message), trace: decoded.traceId };
  };

export function setupRun({ presets, programs, checks }: Known, tape: Tape): SetupResult {
  const result = runOfTape(presets, tape);
  if (!result.ok) return result;
  const { run, preset } = result;
  const planted = readMutants(checks, tape.header.mutants);
  if (!planted.ok) return planted;
  const program = present(presets.stackOfPreset(preset.name), 'the stack of the preset');
  const setup: RunSetup = {
    tape,
    spec: { ...run, mutants: planted.mutants },
    program,
    bootUntilUs: preset.bootUntilMs * 1000,
    speed: preset.slowdown === 0 ? null : 1_000_000 / preset.slowdown,
    isInMemory: preset.isInMemory === true,
    describe: describeWith(programs.programOf(program)),
  };
  return { ok: true, setup };
}

/** A new run of a cluster (`clusterSaid`) with its own load. */
export function freshTape(
  presets: Presets,
  said: string,
  seed: number | null,
): Tape | { readonly error: string } {
  const preset = clusterSaid(presets, said);
  if ('error' in preset) return preset;
  return makeTape(preset, { engine: ENGINE, ...(seed === null ? {} : { seed }) });
}

export const bootTime = (setup: RunSetup, from: Time): Time => (from + setup.bootUntilUs) as Time;
