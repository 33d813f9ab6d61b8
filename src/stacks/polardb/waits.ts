// What waits in a cluster of `polardb`, and for whom (run-model/waits/waits.ts): a definition that readers are still to hear of (docs/spec/logindex.md LI-64);
// statements that are refused until the file system may have another chunk of its device (docs/spec/polarfs.md FS-46).

import type { NodeId } from '../../base/ids.ts';
import type { SessionAct } from '../../core/engine/buffer-view.ts';
import type { RoomView } from '../../core/shared-storage/room.ts';
import type { LockView } from '../../core/shared-storage/shared-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import {
  byWeight,
  isStopped,
  judgeQuorum,
  makeReach,
  type Obstacle,
  type Reach,
  type Wait,
} from '../../run-model/waits/waits.ts';

declare module '../../run-model/waits/waits.ts' {
  interface StackWaits {
    polardb: 'ddl' | 'room';
  }
  interface StackObstacles {
    polardb: 'readerRuns' | 'readerHolds' | 'readerHears' | 'leaseRuns' | 'deviceFull';
  }
}

/** A statement ends by itself, an open transaction when its client says so; after ddlTimeoutMs either is cancelled, or the definition gives up (LI-65). */
function usedBy(frame: WorldFrame, reader: NodeId, { session, node, text }: SessionAct): Obstacle {
  const isRunning = text !== '' || isDriven(frame, node, session);
  return {
    kind: isRunning ? 'readerRuns' : 'readerHolds',
    nodes: [reader],
    of: session,
    stops: !isRunning,
    wayOut: isRunning
      ? { kind: 'cancel', node, session }
      : { kind: 'sql', node, session, text: 'ROLLBACK', params: [] },
  };
}

/** Its client goes on by itself: a load, or a request that is on its way. */
function isDriven({ nodes }: WorldFrame, driver: NodeId, session: string): boolean {
  const roles = nodes.find(({ id }) => id === driver)?.view?.roles ?? [];
  return roles.some(
    (role) =>
      role.role === 'driver' &&
      (role.waiting.some((one) => one.session === session) ||
        role.workloads.some(({ name }) => session.startsWith(`${name}/`))),
  );
}

/** What keeps a reader from replaying a lock. One that does not answer loses its slot with its lease (LI-63), and is not waited for then. */
function readerObstacles(
  frame: WorldFrame,
  reach: Reach,
  writer: NodeId,
  reader: NodeId,
  lock: LockView,
): Obstacle[] {
  const away = reach.between(writer, reader).map((one) => ({ ...one, stops: false }));
  const lease: Obstacle = { kind: 'leaseRuns', nodes: [reader], of: '', stops: false, wayOut: null };
  if (isStopped(reach.between(writer, reader))) return [...away, lease];
  const roles = reach.node(reader)?.view?.roles ?? [];
  const held = roles.flatMap((role) => (role.role === 'compute' ? (role.shared?.heldLocks ?? []) : []));
  const users = held.find(({ lockLsn }) => lockLsn === lock.lockLsn)?.users ?? [];
  if (users.length > 0) return [...away, ...users.map((one) => usedBy(frame, reader, one))];
  return [...away, { ...lease, kind: 'readerHears' }];
}

function waitForReaders(frame: WorldFrame, reach: Reach, node: NodeId, volume: string, lock: LockView): Wait {
  const { lockLsn, sinceUs, waitsFor, readers, by } = lock;
  const standing = judgeQuorum(
    { sets: [waitsFor], need: waitsFor.length, hasAnswered: () => false },
    (reader) => readerObstacles(frame, reach, node, reader, lock),
  );
  return {
    kind: 'ddl',
    node,
    key: `ddl ${node} ${volume} ${lockLsn}`,
    volume,
    group: null,
    step: '',
    text: by?.text ?? '',
    sinceUs,
    requests: 1,
    isShown: true,
    ...standing,
    have: readers - waitsFor.length,
    need: readers,
  };
}

/** More of the device ends it, where there is more. */
const isFull = (node: NodeId, { what, chunks, ofDevice }: RoomView): Obstacle => ({
  kind: 'deviceFull',
  nodes: [node],
  of: what,
  stops: true,
  wayOut:
    chunks < ofDevice
      ? { kind: 'putConfig', scope: 'global', key: 'deviceChunks', value: String(chunks + 1), expect: null }
      : null,
});

function waitForRoom(node: NodeId, volume: string, room: RoomView): Wait {
  const { what, free, promised, kept } = room;
  return {
    kind: 'room',
    node,
    key: `room ${node} ${volume} ${what}`,
    volume,
    group: null,
    step: '',
    have: Math.max(0, free - promised),
    need: kept + 1,
    sinceUs: room.sinceUs ?? 0,
    requests: 1,
    isBlocked: true,
    obstacles: [isFull(node, room)],
  };
}

export function waitsOf(frame: WorldFrame): readonly Wait[] {
  const reach = makeReach(frame);
  const waits: Wait[] = [];
  for (const { id: node, status, view } of frame.nodes)
    for (const role of status === 'up' ? (view?.roles ?? []) : []) {
      if (role.role !== 'compute') continue;
      const { volume, shared } = role;
      if (shared?.room && shared.room.what !== '') waits.push(waitForRoom(node, volume, shared.room));
      for (const lock of shared?.locks ?? []) waits.push(waitForReaders(frame, reach, node, volume, lock));
    }
  return waits.sort(byWeight);
}
