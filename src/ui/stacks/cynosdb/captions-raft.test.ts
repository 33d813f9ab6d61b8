// Captions of the metadata's Raft log over real runs: an election, a leader that loses its majority, one that learns of a newer.

import { beforeAll, expect, test, vi } from 'vitest';
import { present } from '../../../base/assert.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { setSettings } from '../../../state/settings-store.ts';
import { t } from '../../i18n/i18n.ts';
import { captionOf, describeCaption, hasCaption } from '../../story/captions.ts';
import { follow } from '../../story/follow.ts';
import { newStory, type Story } from '../../story/story.ts';
import { listed, sampleOf } from '../../story/story-fixture.ts';
import { shootWorld } from '../../testing/world-frame.ts';

// As the field says.
setSettings({ wording: 'expert' });

vi.stubGlobal('document', { documentElement: { lang: 'en' } });

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

/** What is said of the metadata's log, line by line, with the rule behind it. */
function saidIn(lines: readonly string[], atMs: number): readonly string[] {
  const { frame, events } = shootWorld({ edge, preset: 'cynosdb-pcs', lines, atMs, view: { detail: false } });
  let story = newStory(frame.cluster);
  const said: string[] = [];
  for (const event of events) {
    if (event.event.kind.startsWith('raft.') && hasCaption(event.event.kind)) {
      const caption = present(captionOf([{ listed: event, story }]) ?? undefined, 'a caption');
      said.push(`${describeCaption(caption, t)} [${caption.rule}]`);
    }
    story = follow(story, event);
  }
  return said;
}

test('PCS-9 PCS-10 an election: who asks, who votes, who leads', () => {
  const said = saidIn([], 100);
  const leader = /A majority voted for (\S+): it leads/.exec(said.join('\n'))?.[1] ?? '';
  expect(leader).toMatch(/^pcs-[123]$/);
  expect(said).toContain(
    `${leader} hears no leader of the metadata: it asks the others to vote for it in term 2. [raft.election]`,
  );
  expect(said).toContain(`${leader} has its vote for itself on disk, in term 2. [raft.one-leader]`);
  const votes = said.filter((text) => text.includes(`has its vote for ${leader} on disk`));
  expect(votes.length).toBeGreaterThanOrEqual(1);
});

test('PCS-14 a leader that is cut off loses its majority, and is not said to have been deposed', () => {
  const leader = /voted for (\S+):/.exec(saidIn([], 100).join('\n'))?.[1] ?? '';
  const others = ['pcs-1', 'pcs-2', 'pcs-3'].filter((node) => node !== leader);
  const said = saidIn([`100.000 cut ${leader} | ${others.join(' ')} for 150 ms`], 300);
  expect(said).toContain(
    `${leader} no longer hears a majority: it steps down. Commits go on, changes of the metadata wait. [raft.check-quorum]`,
  );
  expect(said.filter((text) => text.startsWith('A majority voted for')).length).toBeGreaterThanOrEqual(2);
});

test('PCS-25 a leader that learns of a newer term is deposed, one that is left out hands over, a candidate gives up', () => {
  const fold = (story: Story, kind: 'raft.leader' | 'raft.members', change: object): Story =>
    follow(story, listed(sampleOf(kind, { ...change }), 'pcs-1'));
  const said = (story: Story): string =>
    describeCaption(
      present(
        captionOf([{ listed: listed(sampleOf('raft.follower', { term: 4 }), 'pcs-1'), story }]) ?? undefined,
        '',
      ),
      t,
    );
  const none = newStory(
    shootWorld({ edge, preset: 'cynosdb-pcs', lines: [], atMs: 1, view: {} }).frame.cluster,
  );
  const led = fold(none, 'raft.leader', { term: 3 });
  expect(said(none)).toBe('pcs-1 was not elected: it follows in term 4.');
  expect(said(led)).toBe('pcs-1 led the metadata and learns of term 4: it follows.');
  const members = { outgoing: '', learners: '', index: 9 };
  expect(said(fold(led, 'raft.members', { ...members, voters: 'pcs-1#2,pcs-2' }))).toBe(said(led));
  expect(said(fold(led, 'raft.members', { ...members, voters: 'pcs-2,pcs-3' }))).toBe(
    'pcs-1 is a voter of the metadata no more: it hands the leadership over.',
  );
});
