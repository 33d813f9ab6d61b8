// The menus of shared storage: what each entry writes on the tape, of whom it is offered, and that it has words in both languages.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { parseAction } from '../../../sim/tape-parse.ts';
import { printAction } from '../../../sim/tape-print.ts';
import { tapes } from '../../../stacks/tapes.ts';
import { faultLabel } from '../../faults/fault-label.ts';
import type { MenuSubject } from '../../faults/menu-store.ts';
import { entriesFor, type FaultContext, timed } from '../../faults/registry.ts';
import { loadChinese, setLanguage, t } from '../../i18n/i18n.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { shootWorld } from '../../testing/world-frame.ts';
import { sharedFaults } from './faults.ts';

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: {} } });
afterEach(() => setLanguage('en'));

let frame: WorldFrame;
beforeAll(async () => {
  await loadChinese();
  const edge = await loadSqlEdge();
  frame = shootWorld({ edge, preset: 'polardb', seed: 3, lines: [], atMs: 230, view: {} }).frame;
});

const own = new Set(sharedFaults.map(({ id }) => id));
const node = (id: string): MenuSubject => ({ kind: 'node', id });
const contextOf = (subject: MenuSubject, world: WorldFrame): FaultContext => ({
  frame: world,
  subject,
  selection: [],
});

/** Its own entries in a menu: the line of each, `run` of a rare event, in brackets where it is not offered now. */
function lines(subject: MenuSubject, world: WorldFrame = frame): Readonly<Record<string, string>> {
  const context = contextOf(subject, world);
  return Object.fromEntries(
    entriesFor(context)
      .filter(({ id }) => own.has(id))
      .map((entry) => {
        const effect = entry.effect(context);
        const text = effect.kind === 'act' ? printAction(tapes, timed(effect.action)) : effect.kind;
        return [entry.id, entry.enabled(context) ? text : `(${text})`];
      }),
  );
}

describe('what each entry writes on the tape', () => {
  test('FS-62 FS-63 LI-63 of a reader: its sync stops and goes on, and it is silent', () => {
    expect(lines(node('ro-1'))).toEqual({
      stopSync: 'cut ro-1 | cs-1 cs-2 cs-3',
      loseSlot: 'cut ro-1 > rw-1 for 200.000 ms',
    });
    const cut: WorldFrame = {
      ...frame,
      links: frame.links.map((link) => ({
        ...link,
        cut: [link.from, link.to].some((id) => id === 'ro-1') && `${link.from}${link.to}`.includes('cs-'),
      })),
    };
    expect(lines(node('ro-1'), cut)).toMatchObject({ allowSync: 'heal ro-1 | cs-1 cs-2 cs-3' });
    expect(lines(node('ro-1'), cut)).not.toHaveProperty('stopSync');
    expect(lines(node('ro-2'), cut)).toHaveProperty('stopSync');
    // one link of three is not its sync
    const one: WorldFrame = {
      ...frame,
      links: frame.links.map((link) => ({ ...link, cut: link.from === 'ro-1' && link.to === 'cs-1' })),
    };
    expect(lines(node('ro-1'), one)).toHaveProperty('stopSync');
    expect(lines(node('rw-1'))).toEqual({ checkpoint: 'checkpoint rw-1' });
  });

  test('LI-54 of a page: each buffer that may have it, the writer’s first; those of log stores are not offered', () => {
    const page: MenuSubject = { kind: 'page', group: '', blockKey: 603979777, node: null };
    expect(lines(page)).toEqual({
      'page.evictFrom0': 'evictPage rw-1 603979777',
      'page.evictFrom1': 'evictPage ro-1 603979777',
      'page.evictFrom2': 'evictPage ro-2 603979777',
    });
    expect(entriesFor(contextOf(page, frame)).filter(({ id }) => id === 'page.evict')).toEqual([]);
    expect(lines(page, makeHookFrame())).toEqual({});
  });

  test('FS-77 FS-78 of a chunk server: its blocks, and that it is drained', () => {
    expect(lines(node('cs-1'))).toEqual({
      bitRotBlock: 'bitRot cs-1 "chunk/c0/block/"',
      readErrorBlock: 'diskReadError cs-1 "chunk/c0/block/"',
      loseChunkWrite: 'diskLoseWrite cs-1 "chunk/c0/"',
    });
  });

  test('FS-52 FS-57 FS-77 of the cluster: a chunk server more, and rare events of the journal', () => {
    expect(lines({ kind: 'world' })).toEqual({
      'addServer.world': 'addNode cs-4 chunk a',
      journalFull: 'run',
      tornLeaderRecord: 'run',
    });
    const hook = makeHookFrame();
    expect(lines({ kind: 'world' }, hook)).toEqual({});
    // those of a replicated log are not offered here
    const offered = (world: WorldFrame): readonly string[] =>
      entriesFor(contextOf({ kind: 'world' }, world)).map(({ id }) => id);
    const ofLog = ['splitAskedHole', 'lateHoleReply', 'oldWriteAfterFence', 'recordOnOneDisk'];
    expect(offered(hook)).toEqual(expect.arrayContaining(ofLog));
    expect(offered(frame).filter((id) => [...ofLog, 'twoPromotions'].includes(id))).toEqual([]);
  });
});

test('what each entry writes reads back as the same action, and has words in both languages', () => {
  const subjects: readonly MenuSubject[] = [
    { kind: 'world' },
    { kind: 'zone', id: 'a' },
    { kind: 'page', group: '', blockKey: 603979777, node: null },
    ...frame.nodes.map(({ id }) => node(id)),
  ];
  const said = new Set<string>();
  for (const subject of subjects)
    for (const entry of entriesFor(contextOf(subject, frame)).filter(({ id }) => own.has(id))) {
      const context = contextOf(subject, frame);
      const effect = entry.effect(context);
      if (effect.kind === 'act') {
        const text = printAction(tapes, timed(effect.action));
        const read = parseAction(tapes, `0.000 ${text}`);
        expect('error' in read ? read.error : printAction(tapes, read), entry.id).toBe(text);
      }
      setLanguage('zh-CN');
      expect(faultLabel(entry, context, t), entry.id).toMatch(/\p{Script=Han}/u);
      setLanguage('en');
      expect(faultLabel(entry, context, t), entry.id).not.toMatch(/^fault\.|\{\{|\p{Script=Han}/u);
      said.add(entry.id);
    }
  // the others stand where something was done before
  expect([...own].filter((id) => !said.has(id))).toEqual(['allowSync']);
});
