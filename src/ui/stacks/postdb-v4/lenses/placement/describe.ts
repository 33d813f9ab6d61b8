// Words of the placement lens: what a node is in a group, what moves and why, and the lens in one paragraph.

import type { MoveView, ShardGroupView } from '../../../../../core/pcs/pcs-view.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import { named, sentence } from '../../../../i18n/sentence.ts';
import { bytesText, groupDigits, millis } from '../../../../kit/format.ts';
import { healthText, joinNames } from '../../../../model/node-facts.ts';
import { whyText } from '../../../../model/plan-words.ts';
import { isTransfer, type PastOperator } from './operators.ts';
import type { Attachment, PlacementModel, PlacementNode, PlacementRow } from './project.ts';
import '../../../../../words/postdb-v4/placement.en.json';

const marks: Readonly<Record<Attachment, string>> = {
  primary: '★',
  leavingPrimary: '★×',
  replica: 'R',
  outgoing: '×',
  learner: 'L',
  none: '',
};

/** Of a leader that does not have the volume open. */
export const appointedMark = '☆';

export const attachmentMark = (attachment: Attachment): string => marks[attachment];

/** `accounts [26, 51)`; a group whose table is gone is named by itself. */
export const placeText = ({ table, keys, group }: PlacementRow): string =>
  table === '' ? group : `${table} ${keys}`;

/** Size and load of a group, as the planner hears of them (PCS-96). */
export const reportedText = ({ reported }: PlacementRow): string =>
  reported === null ? '–' : `${bytesText(reported.size)} · ${reported.load}`;

export const nodesIn = ({ attachments }: PlacementRow, ...wanted: readonly Attachment[]): readonly string[] =>
  Object.entries(attachments).flatMap(([node, attachment]) => (wanted.includes(attachment) ? [node] : []));

export const shardText = ({ first, end }: ShardGroupView['shards'][number], t: Translate): string =>
  end < 0
    ? t('placement.openShard', { first: groupDigits(first) })
    : t('placement.sealedShard', { first: groupDigits(first), end: groupDigits(end) });

/** How far a change of members is: its step, and of a learner the LSNs that it has of those it needs. */
export function moveText({ from, to, phase, isLost, scl, target }: MoveView, t: Translate): string {
  const way = from === to ? t('placement.remade', { node: to }) : t('placement.moves', { from, to });
  const step = t(`placement.phase.${phase}`);
  const done = phase === 'learner' && target !== null ? ` ${Math.max(0, scl ?? 0)} / ${target}` : '';
  return `${way}: ${step}${done}${isLost ? ` (${t('placement.lost')})` : ''}`;
}

export function outcomeText({ why, at, endedAt, outcome, to }: PastOperator, t: Translate): string {
  if (endedAt === null) return t('placement.underWay');
  const ms = millis(endedAt - at);
  if (isTransfer(why)) return t(outcome === to ? 'placement.led' : 'placement.ledBy', { node: outcome, ms });
  if (outcome === 'done') return t('placement.done', { ms });
  return outcome === 'rolledBack' ? t('placement.takenBack', { ms }) : outcome;
}

/** Whether it is there, as its card says it; of one that is drained how many replicas have yet to leave (PCS-79). */
export function nodeText({ health, pcsState, isDrained, replicas }: PlacementNode, t: Translate): string {
  const own = healthText(health, t);
  if (isDrained) return joinWords([own, t('placement.drained', { count: replicas })], t);
  return pcsState === null
    ? own
    : joinWords([own, t('card.pcsState', { state: t(`nodeState.${pcsState}`) })], t);
}

const joinWords = (words: readonly string[], t: Translate): string => words.join(t('list.comma'));

export function rowText(row: PlacementRow, t: Translate): string {
  const { group, leader, term, shards, load, reported, move } = row;
  const parts = [
    t('placement.describeRow', {
      group,
      place: placeText(row),
      leader: leader ?? t('placement.nobody'),
      term,
      replicas: joinNames(nodesIn(row, 'replica'), t),
    }),
    t('placement.describeLoad', { ...load, shards: shards.length }),
    reported === null
      ? null
      : t('placement.describeReported', { size: bytesText(reported.size), load: reported.load }),
    move === null ? null : moveText(move, t),
  ];
  return parts.filter((part) => part !== null).join(' ');
}

export function describePlacement(model: PlacementModel, t: Translate): string {
  const { rows, nodes, mapVersion, bare, drivers, running } = model;
  return [
    t('placement.describe', { groups: rows.length, nodes: nodes.length, version: mapVersion }),
    ...rows.map((row) => rowText(row, t)),
    ...(bare.length === 0 ? [] : [t('placement.bareCount', { count: bare.length })]),
    ...nodes.flatMap((node) => (node.isDrained ? [sentence(named(node.id, nodeText(node, t), t), t)] : [])),
    ...running.flatMap(({ group, move, why }) =>
      why === null ? [] : [named(group, whyText(why, move.from, move.to, t), t)],
    ),
    ...drivers.map(({ driver, version, old }) =>
      t('placement.describeDriver', { driver, version, count: old }),
    ),
  ].join(' ');
}
