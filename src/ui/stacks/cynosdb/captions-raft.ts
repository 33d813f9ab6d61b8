// Captions of the metadata's Raft log: who stands for election, who votes for whom, who leads and steps down, who the members are.

import type { TraceOf } from '../../../core/kernel/trace.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { type CaptionEntry, type CaptionSource, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/raft.en.json';
import { LEAVES } from './story-steps.ts';

const namesText = (names: string): string => short(names.replace(/,/g, ', '), 30);

/** Why it follows: it led this very term and no longer heard a majority, it led an earlier one, or it never led. */
function followerText(
  { event: { term }, node, story }: CaptionSource<'raft.follower'>,
  t: Translate,
): string {
  const led = story.leads.get(node);
  if (led === undefined) return t('story.raft.gaveUp', { node, term });
  if (led === LEAVES) return t('story.raft.left', { node });
  return led === term ? t('story.raft.noQuorum', { node }) : t('story.raft.deposed', { node, term });
}

function membersText(
  { voters, outgoing, learners }: TraceOf<'raft.members'>,
  node: string,
  t: Translate,
): string {
  if (voters === '') return t('story.raft.noVoters', { node });
  if (outgoing !== '')
    return t('story.raft.joint', { node, old: namesText(outgoing), voters: namesText(voters) });
  return learners === ''
    ? t('story.raft.members', { node, voters: namesText(voters) })
    : t('story.raft.learners', { node, voters: namesText(voters), learners: namesText(learners) });
}

function snapshotText({ index, what, peer }: TraceOf<'raft.snapshot'>, node: string, t: Translate): string {
  if (what === 'sent') return t('story.raft.snapshot.sent', { node, peer, index });
  return what === 'installed'
    ? t('story.raft.snapshot.installed', { node, index })
    : t('story.raft.snapshot.taken', { node, index });
}

export const raftCaptions: readonly CaptionEntry[] = [
  caption('raft.candidate', {
    rule: 'raft.election',
    hue: 'ctl',
    icon: 'ask',
    weight: 66,
    say: ({ event: { term }, node }, t) => t('story.raft.candidate', { node, term }),
  }),
  caption('raft.vote', {
    rule: 'raft.one-leader',
    hue: 'ctl',
    icon: 'mark',
    weight: 52,
    say: ({ event: { term, candidate }, node }, t) =>
      candidate === node
        ? t('story.raft.ownVote', { node, term })
        : t('story.raft.vote', { node, term, candidate }),
  }),
  caption('raft.leader', {
    rule: 'raft.one-leader',
    hue: 'ctl',
    icon: 'token',
    weight: 70,
    say: ({ event: { term }, node }, t) => t('story.raft.leader', { node, term }),
  }),
  caption('raft.follower', {
    rule: ({ event, node, story }) =>
      story.leads.get(node) === event.term ? 'raft.check-quorum' : 'raft.election',
    hue: 'ctl',
    icon: ({ event, node, story }) => (story.leads.get(node) === event.term ? 'cut' : 'token'),
    weight: ({ node, story }) => (story.leads.has(node) ? 72 : 48),
    say: followerText,
  }),
  caption('raft.members', {
    rule: 'raft.joint',
    hue: 'ctl',
    icon: 'token',
    weight: ({ event }) => (event.outgoing === '' ? 51 : 64),
    say: ({ event, node }, t) => membersText(event, node, t),
  }),
  caption('raft.snapshot', {
    rule: 'raft.snapshot',
    hue: 'ctl',
    icon: 'page',
    weight: ({ event }) => (event.what === 'installed' ? 60 : 44),
    say: ({ event, node }, t) => snapshotText(event, node, t),
  }),
  caption('raft.truncate', {
    rule: 'raft.log-matching',
    hue: 'ctl',
    icon: 'drop',
    weight: 62,
    say: ({ event: { from }, node }, t) => t('story.raft.truncate', { node, from }),
  }),
  caption('raft.identityLost', {
    rule: 'raft.commit-rule',
    hue: 'ctl',
    icon: 'token',
    weight: 76,
    say: ({ event: { why }, node }, t) =>
      t(why === 'removed' ? 'story.raft.removed' : 'story.raft.identityLost', { node }),
  }),
  caption('pcs.change.begin', {
    rule: 'pcs.model',
    hue: 'ctl',
    icon: 'token',
    weight: 72,
    say: ({ event: { node, want } }, t) => t(want === 'in' ? 'story.pcs.in' : 'story.pcs.out', { node }),
  }),
  caption('pcs.admitted', {
    rule: 'pcs.model',
    hue: 'ctl',
    icon: 'token',
    weight: 60,
    say: ({ event: { node, as } }, t) => t('story.pcs.admitted', { node, as }),
  }),
  caption('pcs.change.done', {
    rule: 'pcs.model',
    hue: 'ctl',
    icon: 'token',
    weight: 72,
    say: ({ event: { node, want } }, t) => t(want === 'in' ? 'story.pcs.isIn' : 'story.pcs.isOut', { node }),
  }),
];
