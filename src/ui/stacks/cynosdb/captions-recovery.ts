// Captions of tokens, of the writer's recovery and of who may write.

import type { Translate } from '../../i18n/i18n.ts';
import { type CaptionEntry, caption, lastOf, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/caption.en.json';

function stepText(step: string, node: string, token: number, t: Translate): string {
  switch (step) {
    case 'R1':
      return t('story.recovery.R1', { node, token });
    case 'R2':
      return t('story.recovery.R2', { node });
    case 'R3':
      return t('story.recovery.R3', { node });
    case 'R4':
      return t('story.recovery.R4', { node });
    case 'R5':
      return t('story.recovery.R5');
    case 'R6':
      return t('story.recovery.R6');
    case 'R7':
      return t('story.recovery.R7', { node });
    default:
      return t('story.recovery.token', { node });
  }
}

export const recoveryCaptions: readonly CaptionEntry[] = [
  caption('token.grant', {
    rule: 'token.grant',
    hue: 'fence',
    icon: 'token',
    weight: 74,
    claim: (all) => {
      const { volume, holder, token } = lastOf(all).event;
      return { kind: 'granted', volume, holder, token };
    },
  }),
  caption('token.install', {
    rule: 'token.install',
    hue: 'fence',
    icon: 'token',
    weight: 50,
    claim: (all) => {
      const { node, event } = lastOf(all);
      const same = all.filter((one) => one.event.token === event.token);
      const replicas = new Set(same.map((one) => one.node)).size;
      return { kind: 'installed', node, group: event.group, replicas, token: event.token };
    },
  }),
  caption('meta.writer', {
    rule: 'fence.token-unique',
    hue: 'ctl',
    icon: 'token',
    weight: 60,
    claim: (all) => {
      const { volume, writer, token, state } = lastOf(all).event;
      return { kind: 'appointed', volume, writer, token, state };
    },
  }),
  caption('recovery.step', {
    rule: ({ event }) => (event.step === 'R1' ? 'recovery.token-before-read' : 'recovery.order'),
    hue: 'fence',
    icon: 'recovery',
    weight: 64,
    say: ({ event: { step, token }, node }, t) => stepText(step, node, token, t),
  }),
  caption('recovery.info', {
    rule: 'recovery.compute',
    hue: 'fence',
    icon: 'recovery',
    weight: 51,
    say: ({ event: { group, replica, scl, knownVdl } }, t) =>
      t('story.recovery.info', { replica, group, scl, vdl: knownVdl }),
    many: (all, t) => {
      const { replica, group, scl } = lastOf(all).event;
      return t('story.recovery.infoMany', { count: all.length, replica, group, scl });
    },
  }),
  caption('recovery.computed', {
    rule: 'recovery.compute',
    hue: 'fence',
    icon: 'recovery',
    weight: 76,
    say: ({ event: { vdlPrime, startLsn } }, t) =>
      t('story.recovery.computed', { vdl: vdlPrime, start: startLsn }),
  }),
  caption('recovery.history', {
    rule: 'wal.truncated-removed',
    hue: 'fence',
    icon: 'recovery',
    weight: ({ event }) => (event.removed.length > 0 ? 68 : 48),
    say: ({ event: { group, token, prevEnd, removed }, node }, t) =>
      t('story.recovery.history', { node, group, token, prevEnd, count: removed.length }),
  }),
  caption('recovery.done', {
    rule: ({ event: { volume }, story }) =>
      story.handovers.has(volume) ? 'fence.handoff-whole' : 'wal.acked-survives',
    hue: 'ack',
    icon: 'recovery',
    weight: 92,
    claim: (all) => {
      const { event, story } = lastOf(all);
      const { volume, token, vdl } = event;
      const acked = story.acked.get(volume) ?? -1;
      const handedOver = story.handovers.get(volume) ?? null;
      return { kind: 'recovered', volume, token, vdl, acked: acked <= vdl ? acked : -1, handedOver };
    },
  }),
  caption('volume.open', {
    rule: 'recovery.order',
    hue: 'fence',
    icon: 'recovery',
    weight: 47,
    say: ({ event: { group, token }, node }, t) => t('story.volume.open', { node, group, token }),
    many: (all, t) => {
      const token = all.at(-1)?.event.token ?? 0;
      return t('story.volume.openMany', { count: new Set(all.map(({ node }) => node)).size, token });
    },
  }),
  caption('volume.fenced', {
    rule: 'fence.stop',
    hue: 'fence',
    icon: 'refused',
    weight: 90,
    say: ({ event: { token, seen }, node }, t) => t('story.volume.fenced', { node, token, seen }),
  }),
  caption('wal.refused', {
    rule: 'wal.refusal',
    hue: 'fence',
    icon: 'refused',
    weight: 55,
    say: ({ event: { from, code }, node }, t) =>
      t('story.wal.refused', { node, from, code: short(code, 24) }),
  }),
];
