// Words of the PCS lens: what a member does, what an entry asks for, whether there is a leader, and the lens in one paragraph.

import type { EntryView } from '../../../../../core/pcs/log-view.ts';
import type { PlainKey, Translate } from '../../../../i18n/i18n.ts';
import { joinNames } from '../../../../model/node-facts.ts';
import type { PcsMember, PcsModel } from './project.ts';
import '../../../../../words/cynosdb/pcs.en.json';

const kinds: Readonly<Record<string, readonly [letter: string, key: PlainKey]>> = {
  empty: ['·', 'pcs.kind.empty'],
  config: ['C', 'pcs.kind.config'],
  grantToken: ['T', 'pcs.kind.grantToken'],
  setWriter: ['W', 'pcs.kind.setWriter'],
  beginMove: ['M', 'pcs.kind.beginMove'],
  memberStep: ['M', 'pcs.kind.memberStep'],
  beginRestore: ['R', 'pcs.kind.beginRestore'],
  endRestore: ['R', 'pcs.kind.endRestore'],
  nameArchiver: ['A', 'pcs.kind.nameArchiver'],
  refuseOrder: ['×', 'pcs.kind.refuseOrder'],
  dropVolume: ['D', 'pcs.kind.dropVolume'],
  changePcs: ['P', 'pcs.kind.changePcs'],
  admitPcs: ['P', 'pcs.kind.admitPcs'],
  endPcsChange: ['P', 'pcs.kind.endPcsChange'],
  putConfig: ['K', 'pcs.kind.putConfig'],
  promote: ['H', 'pcs.kind.promote'],
  setState: ['H', 'pcs.kind.setState'],
  switchover: ['H', 'pcs.kind.switchover'],
  moveToHa: ['H', 'pcs.kind.moveToHa'],
  joinNode: ['N', 'pcs.kind.joinNode'],
  removeNode: ['N', 'pcs.kind.removeNode'],
  prepareTable: ['B', 'pcs.kind.prepareTable'],
  activateTable: ['B', 'pcs.kind.activateTable'],
  makeGroup: ['G', 'pcs.kind.makeGroup'],
  rollShard: ['S', 'pcs.kind.rollShard'],
  fenceVolume: ['T', 'pcs.kind.fenceVolume'],
  setLeader: ['L', 'pcs.kind.setLeader'],
};

export const letterOf = ({ kind }: EntryView): string => kinds[kind]?.[0] ?? kind.slice(0, 1).toUpperCase();

/** An operation without words of its own is said by its name. */
export function entryText({ kind, text }: EntryView, t: Translate): string {
  const known = kinds[kind];
  const what = known === undefined ? kind : t(known[1]);
  return text === '' ? what : `${what} (${text})`;
}

const entities: Readonly<Record<string, PlainKey>> = {
  cluster: 'pcs.entity.cluster',
  volumes: 'pcs.entity.volumes',
  groups: 'pcs.entity.groups',
  moves: 'pcs.entity.moves',
  restores: 'pcs.entity.restores',
  history: 'pcs.entity.history',
  dropped: 'pcs.entity.dropped',
  archivers: 'pcs.entity.archivers',
  requests: 'pcs.entity.requests',
  results: 'pcs.entity.results',
  members: 'pcs.entity.members',
  nodes: 'pcs.entity.nodes',
  tables: 'pcs.entity.tables',
  tablets: 'pcs.entity.tablets',
  shards: 'pcs.entity.shards',
  computeGroups: 'pcs.entity.computeGroups',
};

export function entityText(entity: string, t: Translate): string {
  const key = entities[entity];
  return key === undefined ? entity : t(key);
}

/** What it is among the members: its role in the log, or why it has none. */
export function memberText({ status, view, node }: PcsMember, model: PcsModel, t: Translate): string {
  if (status === 'down') return t('pcs.down');
  if (view === null) return t('pcs.notSeen');
  if (status !== 'up') return t(`health.${status}`);
  if (model.learners.includes(node)) return t('pcs.learner');
  const role = view.member === 'leader' ? t('chip.leader') : t(`member.${view.member}`);
  return model.outgoing.includes(node) && !model.voters.includes(node)
    ? `${role}, ${t('pcs.leaving')}`
    : role;
}

/** Whom it voted for; while it asks for votes, how many it has. */
export function voteText({ log, view }: PcsMember, t: Translate): string {
  const votes = log?.votes ?? [];
  if (votes.length === 0) return view?.votedFor ?? '–';
  const yes = votes.filter(({ granted }) => granted).length;
  return t('pcs.votesOf', { yes, count: votes.length });
}

/** Voters that are not among those that reach each other, each with what the table of members says of it. */
function withoutText(model: PcsModel, t: Translate): string {
  const names = model.voters
    .filter((node) => !model.connected.includes(node))
    .map((node) => {
      const member = model.members.find((one) => one.node === node);
      if (member === undefined) return node;
      const isCut = member.takesPart && member.cutFrom.length > 0;
      return t('pcs.isWhat', { node, what: isCut ? t('pcs.cutOff') : memberText(member, model, t) });
    });
  return names.length === 0 ? '' : t('pcs.without', { nodes: names.join(t('list.comma')) });
}

export function stateText(model: PcsModel, t: Translate): string {
  return [quorumText(model, t), withoutText(model, t)].filter(Boolean).join(' ');
}

function quorumText(model: PcsModel, t: Translate): string {
  const { leader, state, voters, majority: need } = model;
  const [of, count] = [voters.length, model.connected.length];
  const [term, node] = [leader?.view?.term ?? 0, leader?.node ?? ''];
  switch (state) {
    case 'led':
      return of === 1 ? t('pcs.alone', { node, term }) : t('pcs.led', { node, term, count, of });
    case 'electing':
      return t('pcs.electing', { count, of });
    case 'split':
      return t('pcs.split', { count, of, need });
  }
}

export function jointText({ outgoing, voters, learners }: PcsModel, t: Translate): string {
  const joint =
    outgoing.length === 0
      ? ''
      : t('pcs.joint', { old: joinNames(outgoing, t), voters: joinNames(voters, t) });
  const others = learners.length === 0 ? '' : t('pcs.learners', { nodes: joinNames(learners, t) });
  return [joint, others].filter(Boolean).join(' ');
}

export function describePcs(model: PcsModel, t: Translate): string {
  const { last, leader, members } = model;
  const commit = Math.max(0, ...members.map(({ view }) => view?.commit ?? 0));
  const lines = members.flatMap((member) => {
    const { node, view } = member;
    if (view === null) return [];
    const { term, durable, applied } = view;
    const role = memberText(member, model, t);
    return [t('pcs.describeMember', { node, role, term, durable, commit: view.commit, applied })];
  });
  const whole = t('pcs.describe', {
    state: stateText(model, t),
    last,
    commit: leader?.view?.commit ?? commit,
  });
  return [whole, ...lines].join(' ');
}
