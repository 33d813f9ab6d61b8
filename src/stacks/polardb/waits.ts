// What waits in a cluster of `polardb`, and for whom (sim/waits.ts): a definition that readers are still to hear of (docs/spec/logindex.md LI-64);
// statements that are refused until the file system may have another chunk of its device (docs/spec/polarfs.md FS-46).

import type { NodeId } from '../../base/ids.ts';
import type { RoomView } from '../../core/shared-storage/room.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { byWeight, judgeQuorum, makeReach, type Obstacle, type Wait } from '../../sim/waits.ts';

declare module '../../sim/waits.ts' {
  interface StackWaits {
    polardb: 'ddl' | 'room';
  }
  interface StackObstacles {
    polardb: 'readerUses' | 'deviceFull';
  }
}

/** It ends by itself: the statement ends, or is cancelled, or the definition gives up (LI-65). */
const uses = (reader: NodeId, relation: number): Obstacle => ({
  kind: 'readerUses',
  nodes: [reader],
  of: String(relation),
  stops: false,
  wayOut: null,
});

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
  const { what, sinceUs, free, promised, kept } = room;
  return {
    kind: 'room',
    node,
    key: `room ${node} ${volume} ${what}`,
    volume,
    group: null,
    step: '',
    have: Math.max(0, free - promised),
    need: kept + 1,
    sinceUs,
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
      for (const { relation, lockLsn, sinceUs, waitsFor, readers } of shared?.locks ?? []) {
        const standing = judgeQuorum(
          { sets: [waitsFor], need: waitsFor.length, hasAnswered: () => false },
          (reader) => {
            const away = reach.between(node, reader);
            return away.length > 0 ? away : [uses(reader, relation)];
          },
        );
        const key = `ddl ${node} ${volume} ${lockLsn}`;
        const have = readers - waitsFor.length;
        const base = {
          kind: 'ddl',
          node,
          key,
          volume,
          group: null,
          step: '',
          sinceUs,
          requests: 1,
        } as const;
        waits.push({ ...base, ...standing, have, need: readers });
      }
    }
  return waits.sort(byWeight);
}
