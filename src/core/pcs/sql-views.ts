// The metadata as rows of SQL views (docs/spec/pcs.md PCS-59, PCS-98): one answer has the rows of all views that a statement reads, as
// of one version. Where no log is cut into shards each group is one shard, open at its end (PCS-37), and a catalog that is kept in its
// volume's pages has no objects here; where tables are cut into tablets both are the metadata's own. Pure.

import { MAX, type NodeId, type Time } from '../../base/ids.ts';
import { noMembers } from '../consensus/configuration.ts';
import { memberName, nodeOfMember } from '../consensus/identities.ts';
import { currentConfig } from '../consensus/raft-log.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { isPcsView, MAX_VIEW_ROWS, type PcsViewName } from '../kernel/pcs-views.ts';
import { votersOf } from '../placement/membership.ts';
import { archiverOf } from './archivers.ts';
import { chunkPhase } from './chunk-placement.ts';
import { groupOfVolume } from './compute-groups.ts';
import { shownFigures } from './group-figures.ts';
import type { MetaContent, VolumeContent } from './meta-content.ts';
import type { MetaState } from './meta-state.ts';
import { nodeStateOf, silentUs } from './node-states.ts';
import { shardGroups, tabletEpoch } from './sharding.ts';
import { openSplits } from './splits.ts';
import { mapVersionOf } from './volumes.ts';

type Cell = string | number | null;
type ViewRow = readonly Cell[];

const range = (first: number, end: number | string): string => `[${first},${end})`;
const names = (list: readonly string[]): string => list.join(',');
const namesOrNull = (list: readonly string[]): string | null => (list.length === 0 ? null : names(list));

/** Of a volume and each of its groups. */
const overGroups = (
  { volumes }: MetaContent,
  row: (volume: VolumeContent, descriptor: Descriptor) => ViewRow,
): ViewRow[] => volumes.flatMap((volume) => volume.groups.map((descriptor) => row(volume, descriptor)));

/** A group is one shard, open at its end (PCS-37). */
const wholeShards = (content: MetaContent): ViewRow[] =>
  overGroups(content, ({ writer }, descriptor) => {
    const { group, keyFirst, keyEnd, baseLsn } = descriptor;
    const lsns = range(baseLsn, 'MAX');
    return [group, group, range(keyFirst, keyEnd), lsns, writer, names(votersOf(descriptor))];
  });

const cutShards = (content: MetaContent): ViewRow[] =>
  shardGroups(content).flatMap(({ leader, shards, ...descriptor }) => {
    const { group, keyFirst, keyEnd } = descriptor;
    return shards.map(({ id, first, end }) => [
      `s${id}`,
      group,
      range(keyFirst, keyEnd),
      range(first, end === MAX ? 'MAX' : end),
      leader,
      names(votersOf(descriptor)),
    ]);
  });

function operators(state: MetaState): ViewRow[] {
  const { content } = state;
  const { volumes, restores, change, computeGroups } = content;
  const ofChunks = (content.storage?.moves ?? []).map((move) => {
    const kind = move.to === null ? 'remove' : move.from === null ? 'add' : 'move';
    return [kind, move.group, move.from, move.to, chunkPhase(state, move), move.since, move.deadline];
  });
  const moves = volumes.flatMap(({ moves: open }) =>
    open.map(({ group, from, to, phase, isLost, since, deadline }) => [
      isLost ? 'replace' : 'move',
      group,
      from,
      to,
      phase,
      since,
      deadline,
    ]),
  );
  const loading = restores
    .filter(({ state }) => state === 'loading')
    .map(({ volume, source, state, since }) => ['restore', volume, source, null, state, since, null]);
  const switches = computeGroups.flatMap(({ volume, target }) => {
    const found = volumes.find(({ name }) => name === volume);
    return target === null || !found
      ? []
      : [['switchover', volume, found.writer, target, found.state, null, null]];
  });
  const splits = openSplits(content).map(({ group, parent, child, deadline, other }) => {
    const phase = child?.state === 'OPEN' ? 'copying' : 'making';
    const [kind, subject] = other === null ? ['split', group] : ['merge', `${group}, ${other}`];
    return [kind, subject, parent.writer, child?.writer ?? null, phase, null, deadline];
  });
  const members =
    change === null
      ? []
      : [['pcs member', change.node, null, null, `${change.want}`, change.since, null] satisfies ViewRow];
  return [...moves, ...ofChunks, ...loading, ...switches, ...splits, ...members];
}

function nodes(state: MetaState, now: Time): ViewRow[] {
  const { config, content, pcs, log } = state;
  const { voters, learners } = log.raft === null ? noMembers : currentConfig(log.raft.log);
  const memberOf = (node: NodeId): string | null => {
    const found = [...voters, ...learners].find((member) => nodeOfMember(pcs, member) === node);
    if (found === undefined) return content.pcs.includes(node) ? 'none' : null;
    return `${memberName(node, found)} ${voters.includes(found) ? 'voter' : 'learner'}`;
  };
  const added = content.joined
    .filter(({ node }) => !content.removed.includes(node))
    .map(({ node: id, ...rest }) => ({ id, ...rest }));
  const gone = content.removed.map((id) => ({ id, zone: '', roles: [] }));
  const listed = config.cluster.nodes.filter(({ id }) => !content.removed.includes(id));
  return [...listed, ...added, ...gone].map(({ id, roles, zone }) => [
    id,
    names(roles),
    zone,
    content.removed.includes(id) ? 'tombstone' : nodeStateOf(state, id, now),
    state.beats.get(id)?.boot ?? null,
    silentUs(state, id, now),
    memberOf(id),
  ]);
}

function rowsOf(state: MetaState, view: PcsViewName, now: Time): ViewRow[] {
  const { content } = state;
  switch (view) {
    case 'pcs_shards':
      return content.sharding ? cutShards(content) : wholeShards(content);
    case 'pcs_groups':
      return overGroups(content, ({ name }, descriptor) => {
        const { group, keyFirst, keyEnd, baseLsn, sets, learners } = descriptor;
        const { memberEpoch, vw, vr } = descriptor;
        const geoEpoch = content.sharding ? tabletEpoch(content, keyFirst) : descriptor.geoEpoch;
        const outgoing = sets.length > 1 ? (sets[0] ?? []) : [];
        const archiver = archiverOf(content, group)?.node ?? null;
        const { size, load } = shownFigures(state, group);
        return [
          group,
          name,
          range(keyFirst, keyEnd),
          baseLsn,
          names(votersOf(descriptor)),
          namesOrNull(outgoing),
          namesOrNull(learners),
          memberEpoch,
          geoEpoch,
          vw,
          vr,
          archiver,
          size,
          load,
        ];
      });
    case 'pcs_volumes':
      return content.volumes.map(
        ({ name, state: phase, writer, token, holder, writers, groups, mapVersion }) => [
          name,
          phase,
          writer,
          token,
          holder,
          names(writers),
          namesOrNull(groupOfVolume(content, name)?.readers ?? []),
          groups.length,
          mapVersion,
        ],
      );
    case 'pcs_nodes':
      return nodes(state, now);
    case 'pcs_config':
      return content.configuration.settings.map(({ scope, key, value, version }) => [
        scope,
        key,
        value,
        version,
      ]);
    case 'pcs_operators':
      return operators(state);
    case 'pcs_catalog':
      // PCS-83: clusters without tablets keep definitions in the pages of their volumes
      return (content.sharding?.tables ?? []).map(({ id, name, state: phase, version }) => [
        id,
        'table',
        name,
        phase,
        version,
      ]);
  }
}

const textOf = (cell: Cell): string | null => (cell === null ? null : String(cell));

/** The answer to a question; a view that this node does not know has no rows. */
export function viewsOf(
  state: MetaState,
  { reqId, volume, stale, views }: MessageOf<'GetViews'>,
  now: Time,
): MessageOf<'Views'> {
  const { content } = state;
  const { applied } = content;
  const tables = [];
  let count = 0;
  for (const view of new Set(views)) {
    const shown = view === 'pcs_config' ? content.configuration.version : mapVersionOf(content);
    const behind = [String(shown), stale ? 't' : 'f'];
    const rows = isPcsView(view) ? rowsOf(state, view, now) : [];
    count += rows.length;
    if (count > MAX_VIEW_ROWS)
      return { kind: 'Views', reqId, volume, code: 'TOO_MANY_ROWS', applied, tables: [] };
    tables.push({ view, rows: rows.map((row) => [...row.map(textOf), ...behind]) });
  }
  return { kind: 'Views', reqId, volume, code: '', applied, tables };
}
