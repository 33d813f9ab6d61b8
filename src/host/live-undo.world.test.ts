// Undo and redo by keyframes of the live cluster, in a lab's host in this process: it stands exactly where it stood, what
// comes after is what a simulator makes of its tape, and nodes that died or were added meanwhile are as they were.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import type { FabricEvent, LiveState } from './fabric-messages.ts';
import { makeLabHost } from './lab-host.ts';
import { makePlayer } from './player.ts';
import type { ChangePlan } from './run-plan.ts';

interface Digest {
  readonly hash: string;
  readonly time: number;
  readonly nodes: unknown;
}

async function standing(preset: string) {
  const events: FabricEvent[] = [];
  const host = makeLabHost((event) => events.push(event));
  const boot = {
    kind: 'boot',
    lab: 'test',
    storage: 'memory',
    workers: new MessageChannel().port1,
    fallback: { preset, seed: 3 },
    ask: null,
    fork: null,
    failpoint: null,
    keyframe: null,
  } as const;
  await host.handle({ ...boot, id: 1 });
  await host.handle({ kind: 'pause' });
  const change = async (kind: 'undo' | 'redo'): Promise<void> => {
    const plan = (await host.handle({ kind: `${kind}Plan`, id: 2 })) as ChangePlan;
    expect(plan.hasKeyframe).toBe(true);
    const reason = kind === 'undo' ? ({ kind, line: plan.line } as const) : ({ kind } as const);
    await host.handle({ kind: 'change', id: 3, port: null, reason });
  };
  return {
    host,
    live: (): LiveState => {
      const event = events.findLast(({ kind }) => kind === 'live');
      if (event?.kind !== 'live') throw new Error('nothing was reported of the run');
      return event.live;
    },
    act: async (line: string) =>
      expect(await host.handle({ kind: 'act', id: 4, line })).toEqual(
        expect.objectContaining({ ok: true, line: expect.any(String) }),
      ),
    digest: async () => (await host.handle({ kind: 'digest', id: 5 })) as Digest,
    runOn: async (us: number) => {
      const { time } = (await host.handle({ kind: 'digest', id: 6 })) as Digest;
      await host.handle({ kind: 'runTo', id: 7, until: time + us });
    },
    undo: () => change('undo'),
    redo: () => change('redo'),
  };
}

/** What a simulator makes of the live cluster's tape. */
async function simulated(text: string): Promise<string> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const player = makePlayer(made.setup, await loadSqlEdge(), { cacheBytes: 0 });
  while (!player.run(parsed.tape.header.end?.at ?? (0 as Time), Number.POSITIVE_INFINITY));
  return player.hash();
}

const bare = ({ hash, time, nodes }: Digest) => ({ hash, time, nodes });

for (const [preset, victim] of [
  ['cynosdb', 'store-2'],
  ['postdb-v4', 'n3'],
  ['polardb', 'ro-1'],
] as const) {
  test(`E19 ${preset}: an undo stands where it stood, a redo where one was, and both go on as their tapes say`, async () => {
    const { host, act, digest, runOn, undo, redo } = await standing(preset);
    const before = bare(await digest());
    await act(`crash ${victim}`);
    await runOn(30_000);
    await act(`restart ${victim}`);
    await runOn(20_000);
    const after = bare(await digest());
    // The restart, then the crash: the node was down in between, and its worker has gone twice.
    await undo();
    await undo();
    expect(bare(await digest())).toEqual(before);
    await redo();
    await redo();
    expect(bare(await digest())).toEqual(after);
    await undo();
    await runOn(40_000);
    const { hash } = await digest();
    const text = String(await host.handle({ kind: 'tape', id: 8 }));
    expect(text).toContain(`crash ${victim}`);
    expect(text).not.toContain(`restart ${victim}`);
    expect(await simulated(text)).toBe(hash);
    await host.handle({ kind: 'forget', id: 9 });
  });
}

test('E19 a node that was added and taken back begins with an empty disk when it is added again', async () => {
  const { host, act, digest, runOn, undo } = await standing('cynosdb');
  await act('addNode store-9 store c');
  await runOn(50_000);
  await undo();
  await act('addNode store-9 store c');
  await runOn(50_000);
  const { hash } = await digest();
  expect(await simulated(String(await host.handle({ kind: 'tape', id: 8 })))).toBe(hash);
  await host.handle({ kind: 'forget', id: 9 });
});
