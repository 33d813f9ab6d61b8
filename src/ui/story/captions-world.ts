// Captions of what the tape does, and of nodes and disks that come and go.

import type { Conclusion } from '../../run-model/says/claims.ts';
import type { ActionOf, TapeAction } from '../../sim/tape-actions.ts';
import { actionOf } from '../../sim/world-action.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type Translate, t } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { type CaptionEntry, type CaptionSource, caption, lastOf, short } from './caption-table.ts';
import { followAction, lostQuorum, pairsOf, type Story, writerOf } from './story.ts';

type Action = CaptionSource<'world.action'>;

/** The story once the action is in force. */
const after = ({ event, node, story }: Action): Story => followAction(story, event, node);

function linksText({ event, story }: Action): { readonly text: string; readonly count: number } {
  const rank = new Map<string, number>(story.cluster.nodes.map(({ id }, i) => [id, i]));
  const inOrder = (pair: readonly string[]): string =>
    pair.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)).join('–');
  const names = new Set(pairsOf(actionOf(tapes, event), story.cluster).map(inOrder));
  return { text: short([...names].join(t('list.comma')), 46), count: names.size };
}

const spanText = (action: ReturnType<typeof actionOf>, t: Translate): string =>
  action !== null && 'forUs' in action && action.forUs !== null
    ? t('story.action.for', { time: duration(action.forUs) })
    : '';

function cutText(source: Action, t: Translate): string {
  const { text, count } = linksText(source);
  const params = { link: text, span: spanText(actionOf(tapes, source.event), t) };
  return count === 1 ? t('story.action.cut', params) : t('story.action.cutMany', params);
}

const nodesText = (nodes: readonly string[]): string => short(nodes.join(t('list.comma')), 46);

/** Who is split off: the isolated nodes, or every side of a partition but the largest. */
function splitOff(action: ActionOf<'isolate' | 'partition'>): string {
  if (action.kind === 'isolate') return nodesText(action.nodes);
  const [, ...others] = action.sides.toSorted((a, b) => b.length - a.length);
  return short(others.map((side) => side.join(t('list.comma'))).join(' | '), 46);
}

function splitText(action: ActionOf<'isolate' | 'partition'>, t: Translate): string {
  return t('story.action.isolate', { nodes: splitOff(action), span: spanText(action, t) });
}

/** What is healed: all there was, or some links while others stay cut. */
function healText(source: Action, t: Translate): string {
  if (after(source).cuts.length > 0) return t('story.action.healSome', { link: linksText(source).text });
  return source.event.action === 'heal' && linksText(source).count === 1
    ? t('story.action.healed', { link: linksText(source).text })
    : t('story.action.healAll');
}

/** Who sent a message: its name is `<from>.<sequence>.<copy>`. */
const senderOf = (message: string): string => message.replace(/(\.[^.]*){2}$/, '');

const messageTexts = {
  dropMessage: 'story.message.drop',
  deliverMessage: 'story.message.deliver',
  duplicateMessage: 'story.message.duplicate',
  corruptMessage: 'story.message.corrupt',
  holdMessage: 'story.message.hold',
  releaseMessage: 'story.message.release',
  delayMessage: 'story.message.delay',
} as const;

/** What is done to one message, to power, to what a link holds; null: its line of the tape says it. */
function messageText(action: TapeAction | null, t: Translate): string | null {
  switch (action?.kind) {
    case 'dropMessage':
    case 'deliverMessage':
    case 'duplicateMessage':
    case 'corruptMessage':
    case 'holdMessage':
    case 'releaseMessage':
    case 'delayMessage':
      return t(messageTexts[action.kind], {
        node: senderOf(action.message),
        time: action.kind === 'delayMessage' ? duration(action.byUs) : '',
      });
    case 'powerOff':
      return t('story.action.powerOff', { nodes: nodesText(action.nodes), span: spanText(action, t) });
    case 'powerOn':
      return t('story.action.powerOn', { nodes: nodesText(action.nodes) });
    default:
      return null;
  }
}

/** This takes the writer of a cluster that has one, as far as somebody was seen to write. */
const takesWriter = ({ event, node, story }: Action, action: 'crash' | 'freeze'): boolean =>
  event.action === action &&
  event.hadEffect &&
  !event.isUndo &&
  story.cluster.placement === undefined &&
  node === story.writer;
const isDeathOfWriter = (source: Action): boolean => takesWriter(source, 'crash');

/** The write quorum that this action takes away, or null. That a node is down may have been heard before why. */
function quorumLostBy(source: Action): ReturnType<typeof lostQuorum> {
  const { event, node, story } = source;
  if (event.isUndo || !event.hadEffect) return null;
  const isCrash = event.action === 'crash';
  const before = isCrash ? { ...story, down: new Set([...story.down].filter((id) => id !== node)) } : story;
  if (lostQuorum(before) !== null) return null;
  const next = after(source);
  return lostQuorum(isCrash ? { ...next, down: new Set([...next.down, node]) } : next);
}

/** An action that takes a write quorum away. A freeze has words of its own. */
function quorumClaim(source: Action): Conclusion | null {
  const by = source.event.action === 'crash' ? 'crash' : 'cut';
  const lost = quorumLostBy(source);
  if (lost === null || !['crash', 'cut', 'isolate', 'partition'].includes(source.event.action)) return null;
  const { group, writer, reached, n, vw } = lost;
  return { kind: 'quorumLost', group, writer, reached, of: n, need: vw, by, cause: source.node };
}

function actionText(source: Action, t: Translate): string {
  const { event, node } = source;
  const text = short(event.text, 44);
  if (!event.hadEffect) return t('story.action.nothing', { text });
  const action = actionOf(tapes, event);
  if (action?.kind === 'isolate' || action?.kind === 'partition')
    return event.isUndo ? t('story.action.rejoin', { nodes: splitOff(action) }) : splitText(action, t);
  if (event.isUndo)
    return event.action === 'cut'
      ? t('story.action.healed', { link: linksText(source).text })
      : t('story.action.over', { text });
  switch (event.action) {
    case 'cut':
      return cutText(source, t);
    case 'heal':
    case 'healAll':
      return healText(source, t);
    case 'crash': {
      return t(isDeathOfWriter(source) ? 'story.action.crashWriter' : 'story.action.crash', {
        node,
        span: spanText(action, t),
      });
    }
    case 'stop':
      return t('story.action.stop', {
        node,
        grace: action?.kind === 'stop' ? duration(action.graceUs) : '',
        span: spanText(action, t),
      });
    case 'restart':
      return t('story.action.restart', { node });
    case 'freeze':
      return t(takesWriter(source, 'freeze') ? 'story.action.freezeWriter' : 'story.action.freeze', {
        node,
        span: spanText(action, t),
      });
    case 'resume':
      return t('story.action.resume', { node });
    default:
      return messageText(action, t) ?? t('story.action.other', { text });
  }
}

/** What a person did on purpose is narrated at once; what belongs to the load (statements) when there is time. */
function actionWeight({ event }: Action): number {
  switch (event.action) {
    case 'sql':
    case 'session':
    case 'cancel':
    case 'disconnect':
    case 'workload':
    case 'workloadSet':
    case 'workloadStop':
    case 'padTo':
      return 35;
    default:
      // What ends by itself surprises nobody.
      if (event.isUndo) return 75;
      return event.hadEffect ? 86 : 60;
  }
}

/** Where each tablet has a primary of its own a node stores log, too, and opens from its disk. */
const isNextLifeOfWriter = ({ event, node, story }: CaptionSource<'node.open'>): boolean =>
  event.incarnation > 1 && story.cluster.placement === undefined && node === writerOf(story);

/** How a node went: by order, with its disk, or by a loss of power. */
function downText({ event: { mode }, node, story }: CaptionSource<'node.down'>, t: Translate): string {
  if (mode === 'removed') return t('story.node.gone', { node });
  if (mode === 'wiped') return t('story.node.wiped', { node });
  if (mode === 'rolledBack') return t('story.node.rolledBack', { node });
  return t(story.stopping.has(node) ? 'story.node.stopped' : 'story.node.down', { node });
}

export const worldCaptions: readonly CaptionEntry[] = [
  caption('world.action', {
    rule: (source) => {
      const { action } = source.event;
      if (isDeathOfWriter(source)) return 'recovery.writer-death';
      if (quorumLostBy(source) !== null) return 'wal.quorum-lost';
      return action.startsWith('crash') ? 'disk.crash' : action === 'cut' ? 'net.repair' : 'tape.action';
    },
    hue: 'hole',
    icon: ({ event }) => {
      if (event.isUndo || event.action.startsWith('heal')) return 'heal';
      if (event.action.startsWith('crash') || event.action === 'freeze') return 'down';
      if (event.action === 'powerOff') return 'down';
      if (['restart', 'resume', 'powerOn'].includes(event.action)) return 'up';
      return event.action === 'cut' || event.action === 'partition' || event.action === 'isolate'
        ? 'cut'
        : 'tape';
    },
    weight: actionWeight,
    claim: (all) => quorumClaim(lastOf(all)),
    say: actionText,
  }),
  caption('node.open', {
    rule: (source) => (isNextLifeOfWriter(source) ? 'recovery.writer-death' : 'disk.crash'),
    hue: 'ack',
    icon: 'up',
    weight: ({ event }) => (event.incarnation > 1 ? 82 : 30),
    say(source, t) {
      const { event, node } = source;
      if (isNextLifeOfWriter(source)) return t('story.node.againWriter', { node, life: event.incarnation });
      return event.incarnation > 1
        ? t('story.node.again', { node, life: event.incarnation })
        : t('story.node.first', { node });
    },
  }),
  caption('node.boot', {
    rule: 'answer.late',
    hue: 'ack',
    icon: 'up',
    weight: 28,
    say: ({ event: { bootEpoch }, node }, t) => t('story.node.boot', { node, epoch: bootEpoch }),
  }),
  caption('answer.late', {
    rule: 'answer.late',
    hue: 'fence',
    icon: 'down',
    weight: 52,
    say: ({ event: { answer, from }, node }, t) => t('story.answer.late', { node, from, answer }),
  }),
  caption('node.down', {
    rule: 'disk.crash',
    hue: 'fence',
    icon: 'down',
    weight: 84,
    say: downText,
  }),
  caption('net.corrupt', {
    rule: 'net.repair',
    hue: 'hole',
    icon: 'refused',
    weight: 57,
    say: ({ event: { from }, node }, t) => t('story.net.corrupt', { node, from }),
  }),
  caption('disk.error', {
    rule: 'wal.failed-write',
    hue: 'fence',
    icon: 'down',
    weight: 63,
    say: ({ event: { error }, node }, t) => t('story.disk.error', { node, error: short(error, 18) }),
  }),
];
