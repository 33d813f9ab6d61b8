// A node's replicas begin to work (docs/spec/wal.md WAL-75): at once, or, where there is a metadata node to ask, each when
// the answer to a heartbeat of this life shows that its disk is not behind what the replica has reported.

import { storeWrites, trace } from '../../kernel/context.ts';
import type { ReplicaKnown } from '../../kernel/fields.ts';
import { has } from '../../kernel/mutants.ts';
import { countHoles, nclOf, nwlOf } from '../holes/hole-list.ts';
import { traceRestored } from './clean-exit.ts';
import { compare, deleteRolledBack, isBehind } from './disk-check.ts';
import type { StoreContext } from './hooks.ts';
import type { Group, StoreState } from './state.ts';

/** Nothing is left of a clean exit: the role works from here on. */
export function beginWork(state: StoreState, ctx: StoreContext): void {
  state.lifecycle = { kind: 'working' };
  state.clock = ctx.now;
  if (state.garbage.length > 0) {
    const writes = state.garbage.map((key) => ({ key, bytes: null }));
    state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
    state.garbage = [];
  }
  for (const group of state.groups.values())
    if (!state.unchecked.has(group.id)) startReplica(state, group, ctx);
}

/** The metadata's answer to this life's question: what is as it should be begins; the rest goes. True if any goes. */
export function checkReplicas(state: StoreState, ctx: StoreContext, known: readonly ReplicaKnown[]): boolean {
  if (state.lifecycle.kind !== 'working') return false; // it is asked again
  let isAnyLost = false;
  for (const group of [...state.groups.values()]) {
    if (state.unchecked.get(group.id) !== 'asked') continue;
    const compared = compare(
      group,
      known.find((one) => one.group === group.id),
    );
    if (isBehind(compared) && !has(state.mutants, 'store.rollback-unchecked')) {
      deleteRolledBack(state, group, ctx, compared);
      isAnyLost = true;
      continue;
    }
    state.unchecked.delete(group.id);
    trace(ctx, { kind: 'disk.checked', group: group.id, ...compared });
    startReplica(state, group, ctx);
  }
  return isAnyLost;
}

function startReplica(state: StoreState, group: Group, ctx: StoreContext): void {
  const { superblock, holes, log, scl } = group;
  const { maxToken, volumeEpoch, knownVdl, pgmrpl, logFloor } = superblock;
  const { memberEpoch } = superblock.descriptor;
  const lsns = log.records.map(({ record }) => record.lsn);
  const { list } = holes;
  trace(ctx, {
    kind: 'store.open',
    group: group.id,
    maxToken,
    volumeEpoch,
    memberEpoch,
    scl,
    knownVdl,
    pgmrpl,
    logFloor,
  });
  trace(ctx, { kind: 'wal.durable', group: group.id, lsns, source: 'reopen' });
  traceRestored(group, ctx);
  trace(ctx, {
    kind: 'hole.rebuild',
    group: group.id,
    ncl: nclOf(list),
    nwl: nwlOf(list),
    holes: countHoles(list),
    torn: group.opened.torn,
  });
  trace(ctx, { kind: 'mark.scl', group: group.id, value: scl, term: volumeEpoch });
  if (group.failure !== '')
    trace(ctx, { kind: 'store.failed', group: group.id, code: group.failure, at: scl });
  if (group.repair.unsure !== null)
    trace(ctx, { kind: 'store.failed', group: group.id, code: 'NEED_BASE', at: group.repair.unsure.to });
  for (const { blockKey } of group.pages.lost)
    trace(ctx, { kind: 'scrub.bad', group: group.id, what: 'page', damage: 'rot', lsns: [], blockKey });
  ctx.hooks.begin(state, group, ctx);
}
