// Every meaningful event has a caption, in both languages and short enough, with a rule that explains it.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { wordsIn } from '../../../scripts/words.mjs';
import { present } from '../../base/assert.ts';
import { coreTrace } from '../../core/cluster/trace.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { traceKinds, traceRank } from '../../stacks/trace.ts';
import { setSettings } from '../../state/settings-store.ts';
import { loadChinese, setLanguage, t, textInBoth } from '../i18n/i18n.ts';
import { findRule } from '../rules/registry.ts';
import { captionOf, describeCaption, hasCaption } from './captions.ts';
import { newStory, type Story } from './story.ts';
import { cluster, listed, sampleOf } from './story-fixture.ts';

// As the field says.
setSettings({ wording: 'expert' });

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
afterEach(() => setLanguage('en'));
beforeAll(loadChinese);

const meaningful = traceKinds.filter((kind) => traceRank(kind) >= 2);

const variants: readonly (readonly [TraceKind, Readonly<Record<string, unknown>>])[] = [
  ...meaningful.map((kind) => [kind, {}] as const),
  ...['token', 'R1', 'R2', 'R3', 'R5', 'R6', 'R7'].map((step) => ['recovery.step', { step }] as const),
  ['fs.synced', { mode: 'RELOAD' }],
  ['fs.synced', { mode: 'REPLAY' }],
  ['wal.full', { group: '' }],
  ['hole.sent', { mode: 'recovery' }],
  ['hole.split', { sent: false }],
  ['hole.restore', { error: '' }],
  ['page.probe', { pageLsn: -1 }],
  ['page.evict', {}],
  ['hole.rebuild', { holes: 1 }],
  ['node.open', { incarnation: 1 }],
  ...['removed', 'wiped', 'rolledBack'].map((mode) => ['node.down', { mode }] as const),
  ['op.return', { outcome: 'failed' }],
  ['op.return', { outcome: 'unknown' }],
  ['recovery.history', { removed: [7] }],
  ['group.move.begin', { lost: false }],
  ['tx.decided', { outcome: 'commit' }],
  ['group.move.done', { outcome: 'done' }],
  ['group.move.done', { outcome: 'rolledBack' }],
  ['member.adopt', { sets: 'store-1,store-2,store-3' }],
  ['config.put', { value: 'unset' }],
  ['config.refused', { code: 'BAD_VALUE' }],
  ['config.refused', { code: 'STALE_VERSION', range: '12' }],
  ['config.drift', { why: 'behind' }],
  ['agent.asked', { missing: '' }],
  ['group.quorum', { state: 'OK', live: 2, vw: 2 }],
  ['ro.ready', { kept: true }],
  ['plan.hot', { key: '' }],
  ['raft.members', { voters: '' }],
  ...['transfer', 'ISOLATE'].map((why) => ['plan.begin', { why }] as const),
  ...['REPAIR', 'DRAIN', 'FEW', 'SURPLUS', 'ZONE', 'BALANCE'].flatMap((why) =>
    (['plan.begin', 'chunk.move'] as const).map((kind) => [kind, { why, outcome: 'begun' }] as const),
  ),
  ['group.shards', { firsts: [1, 512, 1024] }],
  ...(['prepared', 'active', 'dropping', 'dropped'] as const).map(
    (state) => ['table.step', { state }] as const,
  ),
  ['ro.revoked', { why: 'operator' }],
  ['ro.waited', { code: 'WAIT_LSN_TIMEOUT' }],
  ...(['ro.wait', 'ro.waited', 'driver.reader'] as const).map((kind) => [kind, {}] as const),
  ...[
    'cut rw-1 | store-3 for 6 ms',
    'cut rw-1 | store-2 store-3',
    'crash rw-1 for 1000 ms',
    'freeze store-3 for 100.5 ms',
    'resume store-3',
    'restart store-3',
    'healAll',
    'heal rw-1 | store-3',
    'isolate store-3 store-12 for 100.5 ms',
    'partition rw-1 meta-1 d1 store-1 | store-2 | store-3 for 100.5 ms',
    'powerOff store-1 store-2 store-3 for 100.5 ms',
    'powerOn store-1 store-2 store-3',
    'dropMessage store-12.123456.0',
    'deliverMessage store-12.123456.0',
    'duplicateMessage store-12.123456.0',
    'corruptMessage store-12.123456.0',
    'holdMessage store-12.123456.0',
    'releaseMessage store-12.123456.0',
    'delayMessage store-12.123456.0 100.5 ms',
    'diskStall store-3',
  ].flatMap((text) => {
    const action = { action: text.split(' ')[0], text };
    return [
      ['world.action', action],
      ['world.action', { ...action, isUndo: true }],
      ['world.action', { ...action, hadEffect: false }],
    ] as const;
  }),
];

const stories: readonly Story[] = [
  newStory(cluster),
  {
    ...newStory(cluster),
    cuts: [{ text: 'cut', pairs: [['rw-1', 'store-3']] }],
    commitsInFault: 2,
    healing: new Map([
      [
        'store-12',
        {
          open: new Set(['g12']),
          asked: new Set(),
          records: 1234,
          given: new Set(),
          from: ['store-11', 'store-10'],
          commits: 3,
        },
      ],
    ]),
    acked: new Map([['v1', 123_455]]),
  },
  { ...newStory(cluster), down: new Set(['store-3']), stalled: true },
];

/** Kinds that no caption tells, and why: what a person sees of them instead. */
const withoutCaption: Partial<Record<TraceKind, string>> = {
  'limit.reached': 'only where a limit is smaller than usual; what follows has a caption',
  'mtr.append': 'the strip of lens 4.2 draws each; the commit has a caption',
  'wal.send': 'a W on its way',
  'wal.receive': 'the W has arrived; that it is durable moves SCL, which has a caption',
  'wal.durable': 'SCL that moves has a caption',
  'wal.ack': 'an A on its way',
  'wal.ackSeen': 'PGCL that moves has a caption',
  'mark.known': 'what the writer tells with every batch; lens 4.1 shows it as pgcl~',
  'tx.begin': 'the statement has a caption',
  'request.known': 'the statement has a caption',
  'index.split': 'the records of its MTR are drawn; lens 4.5 shows the pages',
  'log.compacted': 'no record comes or goes: it lies in another segment',
  'fs.orphan': 'the call that frees it has an end',
  'tx.wait': 'lens 4.2 lists who waits for what',
  'hole.serve': 'the fill has a caption',
  'hole.answer': 'the fill, or that it was ignored, has a caption',
  'page.read': 'a P on its way',
  'page.served': 'a P on its way back',
  'op.invoke': 'the return has a caption when it is no success; lens 4.10 draws both',
  'driver.retry': 'the card of the driver counts them',
  'driver.heard': 'the statement has a caption',
  'driver.gaveUp': 'the return has a caption',
  'block.failed': 'the return has a caption',
  'block.answered': 'the statement has a caption',
  'recovery.told': 'the step that it completes has a caption',
  'disk.checked': 'a replica that is as it should be begins; one that is not has a caption',
  'base.chunk': 'the image that it completes has a caption; a bar shows how far it is',
  'base.serve': 'the same, seen by the donor',
  'archive.standing': 'the manifest that had a caption before, for those who watch after a start',
  'restore.standing': 'the restore had a caption when it began; this is for those who watch after a start',
  'volume.standing': 'the volumes that there are, for those who watch after a start',
  'archive.extent': 'what the manifest says anew, beside archive.manifest, which has a caption',
  'archive.collected': 'objects that nothing names any more: nobody misses them',
  'archive.pinned': 'what a restore is made from stays while it runs: the restore has a caption',
  'ro.accepted': 'the reader that is ready says what begins',
  'ro.received': 'a W has arrived',
  'ro.released': 'the visible LSN that moves says so',
  'ro.applied': 'the card of the reader counts its visible LSN',
  'ro.pageRead': 'what a statement does with a page',
  'ro.mrpl': 'PGMRPL that moves has a caption',
  'ro.restartPoint': 'the inspector of a classic standby shows its restore point',
  'ha.applied': 'the standby that is made has a caption',
  'session.read': 'the return of the operation says it',
  'session.target': 'the action itself has a caption',
  'volume.answered': 'the metadata’s event says the outcome of the order',
  'volume.left': 'the metadata’s event says that the volume is deleted',
  'mtr.sums': 'checksums that an archive is held against: the records have captions',
  'restore.progress': 'a bar shows how far each replica is',
  'raft.open': 'a member of the metadata log begins: the start of its node has a caption',
  'raft.durable': 'entries of the metadata: the leader’s events say what becomes of them',
  'raft.commit': 'the leader’s event says what becomes of the entry',
  'pcs.apply': 'the leader’s event says what becomes of the entry',
  'pcs.order': 'what the order began has a caption',
  'driver.readers': 'the node that joined or was removed has a caption',
  'pcs.idle': 'why it has none has a caption, or it is a spare one',
  'config.applied': 'the lens shows the version of each node; that all have it needs no caption',
  'config.gap': 'what is missing follows at once',
  'agent.command': 'the answer of all has a caption',
  'pcs.ask': 'the answer goes to who asked',
  'pcs.answer': 'the answer goes to who asked',
  'leader.answer': 'the grant that follows from the answers has a caption',
  'leader.passed': 'the grant to another has a caption',
  'ha.cutOff': 'the choice that follows has a caption',
  'request.taken': 'the statement has a caption',
  'read.made': 'the statement has a caption',
  'read.answered': 'the statement has a caption',
  'gather.begin': 'its end has a caption',
  'gather.part': 'the end of the read has a caption',
  'plan.rest': 'the operators that end have captions',
  'schema.node': 'the step that every node has heard of has a caption',
  'driver.route': 'the statement has a caption',
};

describe('captions', () => {
  test.each(traceKinds)('%s has one, or a reason why not', (kind) => {
    // An event of a stack's own that has words among the ordinary ones has no caption either.
    const isOrdinary = !(kind in coreTrace) && textInBoth(`kind.${kind}`).length === 2;
    expect(
      hasCaption(kind) || isOrdinary || withoutCaption[kind] !== undefined,
      `${kind} needs a caption (StackTables.captions), a word kind.${kind} in both languages, or a reason in withoutCaption`,
    ).toBe(true);
    expect(
      hasCaption(kind) && withoutCaption[kind] !== undefined,
      'no reason for a kind that has a caption',
    ).toBe(false);
  });

  test.each(meaningful)('%s has one', (kind) =>
    expect(hasCaption(kind), `${kind} has rank 2 or 3, so StackTables.captions needs a caption of it`).toBe(
      true,
    ),
  );

  test.each(variants)('%s %o: words in both languages, short, with a rule', (kind, change) => {
    for (const story of stories)
      for (const count of [1, 6]) {
        const moments = Array.from({ length: count }, (_, i) => ({
          listed: listed(sampleOf(kind, change), `store-${i + 10}`, i),
          story,
        }));
        const caption = present(captionOf(moments) ?? undefined, 'a caption');
        expect(
          findRule(caption.rule),
          `the rule ${caption.rule} of the caption of ${kind} is one that a monitor watches, or stands in explainedRules`,
        ).toBeDefined();
        setLanguage('en');
        const en = describeCaption(caption, t);
        setLanguage('zh-CN');
        const zh = describeCaption(caption, t);
        expect(en).not.toMatch(/undefined|NaN|story\.|\{\{/);
        expect(zh).not.toMatch(/undefined|NaN|story\.|\{\{/);
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(
          [...en].length,
          `an English caption has at most 140 characters with long names and counts: ${en}`,
        ).toBeLessThanOrEqual(140);
        expect([...zh].length, `a Chinese caption has at most 60 characters: ${zh}`).toBeLessThanOrEqual(60);
      }
  });

  test('where a rule is switched off a caption says what happened, not what the rules make of it', () => {
    const said = (kind: TraceKind, isRuleOff: boolean): string => {
      const story = newStory(cluster, isRuleOff);
      const caption = captionOf([{ listed: listed(sampleOf(kind, { volume: 'v1' })), story }]);
      return describeCaption(present(caption ?? undefined, kind), t);
    };
    expect(said('token.grant', false)).toContain('two never commit at once');
    expect(said('token.grant', true)).toBe('rw-12 gets token 123456.');
    expect(said('commit.ack', true)).not.toContain('durable');
    expect(said('volume.fenced', true)).not.toContain('no harm');
  });

  test('each text for a run with a rule off has one for a run without, of which it is a part', () => {
    for (const language of ['en', 'zh'] as const) {
      const texts = wordsIn(language);
      const off = [...texts.keys()].filter((key) => key.endsWith('.ruleOff'));
      expect(off.length).toBeGreaterThan(25);
      for (const key of off) {
        const whole = texts.get(key.replace('.ruleOff', ''));
        expect(whole, key).toBeDefined();
        const named = (text = ''): string[] => text.match(/\{\w+\}/g) ?? [];
        expect(named(whole), key).toEqual(expect.arrayContaining(named(texts.get(key))));
        expect([...(texts.get(key) ?? '')].length, key).toBeLessThan([...(whole ?? '')].length);
      }
    }
  });

  test('a plain text says what the other says, without the names of the field', () => {
    for (const language of ['en', 'zh'] as const) {
      const texts = wordsIn(language);
      const plain = [...texts.keys()].filter((key) => key.endsWith('.plain'));
      expect(plain.length).toBeGreaterThan(60);
      for (const key of plain) {
        const text = texts.get(key) ?? '';
        const named = (of = ''): string[] => (of.match(/\{\w+\}/g) ?? []).toSorted();
        expect(named(text), key).toEqual(named(texts.get(key.replace('.plain', ''))));
        expect(text.replaceAll(/\{\w+\}/g, ''), key).not.toMatch(
          /\b(VDL|VCL|SCL|PGCL|PGMRPL|MRPL|LSN|applyLsn|oldestApplyLsn)\b/,
        );
      }
    }
    const story = newStory(cluster);
    const vdl = { listed: listed(sampleOf('mark.vdl', { volume: 'v1', value: 120 })), story };
    const said = (): string => describeCaption(present(captionOf([vdl]) ?? undefined, 'one'), t);
    expect(said()).toMatch(/^VDL moves /);
    setSettings({ wording: 'plain' });
    expect(said()).toMatch(/^The log is safe up to record 120/);
    setSettings({ wording: 'expert' });
  });

  test('an event that nobody has put in words yet shows its kind', () => {
    const caption = present(
      captionOf([{ listed: listed(sampleOf('wal.send')), story: newStory(cluster) }]) ?? undefined,
      'one',
    );
    expect(describeCaption(caption, t)).toMatch(/^wal\.send/);
  });
});
