// Workloads as state: each load with its clients, as plain data, and what of it the driver's disk keeps, so that a restarted
// lab is at work again. What clients do: workloads.ts.

import { blob, bool, type Decoded, type Infer, list, struct, text } from '../../base/codec.ts';
import type { Time } from '../../base/ids.ts';
import { makePrng, nextUint32, type Prng } from '../../base/prng.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import { type RoleContext, storeWrites } from '../kernel/context.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import type { ClientPlace } from './driver-state.ts';
import type { ClientPlan, PlannedRequest } from './workload-kind.ts';

const DISK_KEY = 'driver/workloads';
const DISK_VERSION = 1;

export interface Client {
  readonly plan: ClientPlan;
  readonly prng: Prng;
  /** What it is doing: nothing, thinking (timer `stamp`), a request, a rollback after a failure. */
  state: 'idle' | 'thinking' | 'asking' | 'rollback' | 'stopped';
  stamp: number;
  request: PlannedRequest | null;
  /** Operation id of the transaction in hand. */
  operation: number;
}

export interface Workload {
  readonly name: string;
  /** Which load of this name it is in this life of the driver, from 1. */
  readonly run: number;
  spec: WorkloadSpec;
  readonly statements: readonly StatementTree[];
  phase: 'loading' | 'running';
  loaded: boolean;
  loadIndex: number;
  readonly loader: Client;
  readonly clients: Client[];
  /** Open loop: intended starts that wait for a client. */
  readonly arrivals: { readonly at: Time; readonly operation: number; readonly request: PlannedRequest }[];
  readonly arrivalPrng: Prng;
  shed: number;
  nextOperation: number;
}

export interface WorkloadsState {
  /** Drawn from for each load and client: the only copy of the node's stream that moves, since a state is a tree. */
  readonly prng: Prng;
  readonly byName: Map<string, Workload>;
  /** How many loads of each name have begun in this life. */
  readonly runs: Map<string, number>;
  /** Most transactions that a client of an ended load has begun: later loads count on from here, so that values stay unique. */
  begun: number;
}

const savedWorkloads = list(
  struct({ name: text, spec: text, loaded: bool, statements: list(struct({ text, tree: blob })) }),
);

type SavedWorkloads = Infer<typeof savedWorkloads>;
export const sealSavedWorkloads = (saved: SavedWorkloads): Uint8Array =>
  sealWith(savedWorkloads, DISK_VERSION, saved);
export const openSavedWorkloads = (bytes: Uint8Array): Decoded<SavedWorkloads> =>
  openWith(savedWorkloads, DISK_VERSION, bytes);

export function openWorkloads(config: NodeConfig, disk: DiskImage): WorkloadsState {
  const state: WorkloadsState = { prng: { ...config.prng }, byName: new Map(), runs: new Map(), begun: 0 };
  const value = disk.get(DISK_KEY);
  const saved = value === undefined ? null : openSavedWorkloads(value);
  if (saved?.ok) {
    for (const entry of saved.value) {
      const spec = JSON.parse(entry.spec) as WorkloadSpec;
      begin(state, entry.name, spec, entry.statements, entry.loaded);
    }
  }
  return state;
}

/** A load in the place of the one that had its name. */
export function begin(
  state: WorkloadsState,
  name: string,
  spec: WorkloadSpec,
  statements: readonly StatementTree[],
  loaded: boolean,
): Workload {
  end(state, name);
  const { prng } = state;
  const run = (state.runs.get(name) ?? 0) + 1;
  state.runs.set(name, run);
  const workload: Workload = {
    name,
    run,
    spec,
    statements,
    phase: loaded || !spec.load ? 'running' : 'loading',
    loaded,
    loadIndex: 0,
    loader: makeClient(prng, name, -1, 0),
    clients: [],
    arrivals: [],
    arrivalPrng: makePrng(nextUint32(prng), `arrivals/${name}`),
    shed: 0,
    nextOperation: 1,
  };
  state.byName.set(name, workload);
  return workload;
}

/** Its clients are gone: what they asked for and have no answer to yet is nobody's. */
export function end(state: WorkloadsState, name: string): void {
  const workload = state.byName.get(name);
  if (workload === undefined) return;
  for (const { plan } of workload.clients) state.begun = Math.max(state.begun, plan.begun);
  state.byName.delete(name);
}

export const makeClient = (prng: Prng, name: string, ordinal: number, begun: number): Client => ({
  plan: { ordinal, begun, step: 0, drawn: [] },
  prng: makePrng(nextUint32(prng), `client/${name}/${ordinal}`),
  state: 'idle',
  stamp: 0,
  request: null,
  operation: 0,
});

export function saveWorkloads(state: WorkloadsState, ctx: RoleContext): void {
  const entries = [...state.byName.values()].map((workload) => ({
    name: workload.name,
    spec: JSON.stringify(workload.spec),
    loaded: workload.loaded,
    statements: workload.statements as { text: string; tree: Uint8Array }[],
  }));
  storeWrites(ctx, [{ key: DISK_KEY, bytes: sealSavedWorkloads(entries) }]);
}

/** The client an agenda entry is for, or null when the entry is stale. Ordinal −1: the loader; −2: the arrival clock. */
export function dueClient(workloads: WorkloadsState, due: ClientPlace, stamp: number): Client | null {
  const workload = workloadAt(workloads, due);
  const ordinal = due.client;
  if (workload === null) return null;
  if (ordinal === ARRIVAL) return stamp === workload.loader.stamp ? workload.loader : null;
  const client = ordinal === LOADER ? workload.loader : workload.clients[ordinal];
  return client !== undefined && client.stamp === stamp ? client : null;
}

export const LOADER = -1;
export const ARRIVAL = -2;

/** The load of a client, unless it has ended; another one may have its name by now. */
export function workloadAt({ byName }: WorkloadsState, { name, run }: ClientPlace): Workload | null {
  const workload = byName.get(name);
  return workload?.run === run ? workload : null;
}

export function workloadViews(workloads: WorkloadsState) {
  return [...workloads.byName.values()].map(({ name, spec }) => ({
    name,
    kind: spec.kind,
    clients: spec.clients,
    thinkUs: spec.thinkUs,
    ratePerSecond: spec.ratePerSecond,
  }));
}
