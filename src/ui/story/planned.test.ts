// What ends by order and what ends by a fault is told apart: a volume that is handed over, a node that is stopped, drained, or loses its disk.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { findPreset } from '../../stacks/presets.ts';
import { setSettings } from '../../state/settings-store.ts';
import { loadChinese, setLanguage, t } from '../i18n/i18n.ts';
import { captionOf, claimOf, describeCaption } from './captions.ts';
import { follow } from './follow.ts';
import { newStory, type Story } from './story.ts';
import { cluster, listed, sampleOf } from './story-fixture.ts';

// As the field says.
setSettings({ wording: 'expert' });

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
afterEach(() => setLanguage('en'));
beforeAll(loadChinese);

type Happened = readonly [kind: TraceKind, node: string, fields: Readonly<Record<string, unknown>>];

const after = (happened: readonly Happened[], from: Story = newStory(cluster)): Story =>
  happened.reduce((story, [kind, node, fields]) => follow(story, listed(sampleOf(kind, fields), node)), from);

/** The caption of the last of these, in both languages. */
async function said(happened: readonly Happened[], from?: Story) {
  const [kind, node, fields] = present(happened.at(-1), 'an event');
  const moment = { listed: listed(sampleOf(kind, fields), node), story: after(happened.slice(0, -1), from) };
  const caption = present(captionOf([moment]) ?? undefined, 'a caption');
  const en = describeCaption(caption, t);
  await setLanguage('zh-CN');
  const zh = describeCaption(caption, t);
  await setLanguage('en');
  return { en, zh, claim: claimOf(caption), rule: caption.rule };
}

const volume = 'v1';
const acked: Happened = ['commit.ack', 'rw-1', { volume, scn: 728, term: 1 }];
const freeze = (state: string, of = volume): Happened => [
  'attachment.freeze',
  'rw-1',
  { volume: of, state, token: 1, vdl: 728 },
];
const opened: Happened = ['recovery.done', 'ha-1', { volume, token: 2, vdl: 829, startLsn: 829 }];

describe('FENCE-33 a volume is open under a new token', () => {
  const whole = {
    en: 'The volume is open with token 2, as rw-1 handed it over at LSN 728: every commit is in it, no record is discarded.',
    zh: '卷以令牌 2 打开，即 rw-1 在 LSN 728 交接时的内容：提交全部保留，未丢弃任何记录。',
    rule: 'fence.handoff-whole',
  };
  const lossy = {
    en: 'The volume is open with token 2: every acknowledged commit, the last at LSN 728, is in it; one that was not acknowledged may be in it or gone.',
    zh: '卷以令牌 2 打开：已确认的提交（至 LSN 728）都在；未确认的可能在，也可能已丢。',
    rule: 'wal.acked-survives',
  };
  test.each<readonly [string, readonly Happened[], typeof whole]>([
    ['by order', [acked, freeze('freeze'), freeze('handoff'), opened], whole],
    ['because its writer died', [acked, ['node.down', 'rw-1', {}], opened], lossy],
    [
      'because its writer died as it drained',
      [acked, freeze('freeze'), ['node.down', 'rw-1', {}], opened],
      lossy,
    ],
    [
      'because its writer died after it had handed over: what it handed over was whole',
      [acked, freeze('handoff'), ['node.down', 'rw-1', {}], opened],
      whole,
    ],
    [
      'after a handover was taken back, and its writer wrote on',
      [acked, freeze('handoff'), freeze('thaw'), opened],
      lossy,
    ],
    ['after another volume was handed over', [acked, freeze('handoff', 'v2'), opened], lossy],
    [
      'a second time: the handover was of the writer before',
      [
        acked,
        freeze('handoff'),
        ['recovery.done', 'ro-1', { volume, token: 2, vdl: 728, startLsn: 729 }],
        opened,
      ],
      lossy,
    ],
  ])('%s', async (_, happened, words) => {
    const { en, zh, rule } = await said(happened);
    expect({ en, zh, rule }).toEqual(words);
  });
});

describe('a node goes', () => {
  const stop: Happened = [
    'world.action',
    'store-2',
    { action: 'stop', text: 'stop store-2 20.000 ms for 60.000 ms', hadEffect: true, isUndo: false },
  ];
  const down = (mode: string): Happened => ['node.down', 'store-2', { mode, incarnation: 1 }];
  test.each<readonly [string, readonly Happened[], string, string]>([
    ['HOLE-51 when it was asked to', [stop, down('drawn')], 'as it was asked to', '按要求停机'],
    ['at a loss of power', [down('drawn')], 'any part of the rest', '任何一部分'],
    [
      'at a loss of power in its next life',
      [stop, down('drawn'), ['node.open', 'store-2', { incarnation: 2 }], down('drawn')],
      'any part of the rest',
      '任何一部分',
    ],
    ['PCS-79 for good, once it is drained', [down('removed')], 'ended for good', '永久结束'],
    ['with its disk', [down('wiped')], 'an empty disk', '空盘'],
    ['and comes back with an older disk', [down('rolledBack')], 'put back to an older image', '较早的镜像'],
  ])('%s', async (_, happened, english, chinese) => {
    const { en, zh } = await said(happened);
    expect(en).toContain(english);
    expect(zh).toContain(chinese);
  });

  test('HOLE-51 the order itself says how long it has', async () => {
    const { en, zh } = await said([stop]);
    expect(en).toBe('store-2 is asked to end in good order: its power goes off 20.0 ms later for 60.0 ms.');
    expect(zh).toContain('store-2 被要求正常停机');
  });
});

test('HOLE-51 HOLE-52 a replica that opened with its saved list has not rebuilt it; one whose list was refused, or is another group’s, has', async () => {
  const restore = (error: string, group = 'g1'): Happened => ['hole.restore', 'store-2', { group, error }];
  const rebuild: Happened = ['hole.rebuild', 'store-2', { group: 'g1', ncl: 781, nwl: 781, holes: 0 }];
  const rebuilt = 'store-2 rebuilt the list of g1 from its disk: whole to 781, newest 781, 0 holes.';
  expect((await said([restore(''), rebuild])).en).toBe(
    'store-2 opens g1 whole to 781, newest 781, with 0 holes.',
  );
  expect((await said([restore('FOREIGN'), rebuild])).en).toBe(rebuilt);
  expect((await said([restore('', 'g2'), rebuild])).en).toBe(rebuilt);
  expect((await said([restore(''), rebuild, rebuild])).en).toBe(rebuilt);
});

test('WAL-10 a writer of stores comes back with an empty memory; a node of postdb-v4, which stores log itself, with what its disk kept', async () => {
  const symmetric = newStory(present(findPreset('postdb-v4') ?? undefined, 'postdb-v4').cluster);
  const again = (node: string): Happened => ['node.open', node, { incarnation: 2 }];
  expect((await said([again('rw-1')])).en).toContain('with an empty memory');
  const committed: Happened = ['commit.ack', 'n1', { volume: symmetric.cluster.volume, scn: 5, term: 1 }];
  expect((await said([committed, again('n1')], symmetric)).en).toContain('opens from what its disk kept');
});
