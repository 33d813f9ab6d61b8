// Who waits for a writer's log or room goes on (docs/spec/logindex.md LI-26, polarfs.md FS-45).

import { expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type Counter, countingEngine } from '../engine/testing/counting-engine.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { startWalk } from '../logindex/find.ts';
import { openLogIndex, takeMeta } from '../logindex/log-index.ts';
import { firstMeta } from '../logindex/meta.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { geometries } from '../pfs/geometry.ts';
import { makeMemoryDevice, mkfs, mountDevice } from '../pfs/testing/memory-device.ts';
import { makeContext } from '../quorum-log/writer-fixture.ts';
import { makePageReplay, makePageWork } from './page-replay.ts';
import { noReplays } from './promotion.ts';
import { makeSharedAttachment, openPhase, promotionOf, type SharedAttachment } from './shared-attachment.ts';
import { mayAppend } from './shared-log.ts';
import { indexGeometry } from './sharing.ts';
import { stepWriter } from './writer-attachment.ts';

interface Lab {
  readonly attachment: SharedAttachment<Counter>;
  /** True when the engine was notified, so that statements that wait look again. */
  readonly step: () => boolean;
}

function makeLab(): Lab {
  const compute = { zone: 'a', roles: ['compute' as const] };
  const config = {
    nodeId: nodeId('rw-1'),
    roles: ['compute' as const],
    cluster: {
      preset: 'polardb',
      volume: 'v1',
      nodes: [
        { id: nodeId('rw-1'), ...compute },
        { id: nodeId('ro-1'), ...compute, isReader: true as const },
      ],
      groups: [],
      chunks: [{ id: groupId('c0'), replicas: [nodeId('cs-1')] }],
    },
    params: demoParams,
    prng: makePrng(1, 'rw-1'),
    mutants: [],
  };
  let notices = 0;
  const program: EngineProgram<Counter> = { ...countingEngine, onVdl: () => void notices++ };
  const attachment = makeSharedAttachment(
    program,
    config,
    { boot: 1, requests: 0, token: 0 as Term },
    { kind: 'wal', damage: null },
  );
  const device = makeMemoryDevice(geometries.demo, 1);
  mkfs(device, 1);
  attachment.host.mount = mountDevice(device).mount;
  attachment.phase = openPhase(0 as Lsn, 0 as Lsn);
  const step = (): boolean => {
    const before = notices;
    stepWriter(program, attachment, { kind: 'wake', now: 0 as Time, timer: 'some' }, makeContext());
    return notices > before;
  };
  return { attachment, step };
}

test('LI-26 who waited because too many records had no room in LogIndex goes on when a table has been saved', () => {
  const { attachment, step } = makeLab();
  const { sharing, log } = attachment;
  if (sharing === null) throw new Error('a writer with readers');
  const geometry = { segments: 4, slots: 2, tablesPerFile: 64, memTables: 2, keptTables: 8 };
  const index = openLogIndex(geometry, firstMeta, []);
  sharing.index = index;
  // each of a page of its own: three to a table
  for (let n = 1; n <= demoParams.lal + 8; n++)
    sharing.line.push({ lsn: n as Lsn, pages: [pageKey(9, 0, n)] });
  Object.assign(log, { tail: demoParams.lal + 8, durable: demoParams.lal + 8, segments: 4 });
  attachment.phase = openPhase(0 as Lsn, log.durable);
  step();
  expect(sharing.line.length).toBe(demoParams.lal + 2);
  expect(mayAppend(attachment, makeContext(), 1)).toBe(false);
  expect(step()).toBe(false);
  // its write has ended
  takeMeta(index, { ...firstMeta, maxTableId: 1, maxLsn: 3 as Lsn });
  expect(step()).toBe(true);
  expect(mayAppend(attachment, makeContext(), 1)).toBe(true);
  expect(step()).toBe(false);
});

test('FS-45 LI-70 who waited for room because of a promotion goes on when that is over', () => {
  const { attachment, step } = makeLab();
  const { sharing, log } = attachment;
  if (sharing === null) throw new Error('a writer with readers');
  sharing.index = openLogIndex(indexGeometry(attachment.config), firstMeta, []);
  Object.assign(log, { tail: 5, durable: 5, segments: 4 });
  attachment.phase = openPhase(0 as Lsn, log.durable);
  const known = { consistentLsn: 1 as Lsn, bgReplayedLsn: 0 as Lsn };
  const replay = makePageReplay(sharing.index, 5 as Lsn, 0, known);
  const bounds = { redoStart: 1 as Lsn, endLsn: 5 as Lsn, bgReplayedLsn: 0 as Lsn };
  const idle = { held: [], hasLess: false, damage: null };
  expect(step()).toBe(false);
  const promotion = {
    replay,
    work: makePageWork(),
    bounds,
    walk: startWalk(1 as Lsn),
    handled: new Set<PageKey>(),
    asked: new Set<PageKey>(),
    counts: noReplays(),
    ...idle,
  };
  attachment.redo = { kind: 'logIndex', promotion };
  expect([step(), step()]).toContain(true);
  expect(promotionOf(attachment)).toBe(null);
});
