// The lens in words: for screen readers, narration and tests. One sentence for the volume, one per replica, one for
// recovery. The table beside the plot takes its rows from here too.

import { MAX } from '../../../../../base/ids.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import { sentence } from '../../../../i18n/sentence.ts';
import { filterOf } from '../../../../kit/filter.ts';
import { groupDigits, knownLsn, rangeText } from '../../../../kit/format.ts';
import type { DrawnRun } from '../../../../model/runs.ts';
import type { FillLimit } from './fill-limit.ts';
import type { ReplicaMode, ReplicaRow, WalModel } from './model.ts';
import '../../../../../words/lens/lens.en.json';
import '../../../../../words/cynosdb/wal.en.json';

const runKey = {
  data: 'run.data',
  volatile: 'run.volatile',
  sent: 'run.sent',
  hole: 'run.hole',
  annulled: 'run.annulled',
  end: 'run.end',
} as const;

export const runStateText = (run: Pick<DrawnRun, 'kind'>, t: Translate): string => t(runKey[run.kind]);

/** "store-3 [108,112) hole, sent" */
export const runName = (node: string, run: Pick<DrawnRun, 'kind' | 'first' | 'end'>, t: Translate): string =>
  `${node} ${rangeText(run.first, run.end)} ${runStateText(run, t)}`;

function describeRow(row: ReplicaRow, t: Translate): string {
  if (row.list === null) return t('describe.unknown', { node: row.node });
  if (row.health === 'down') return t('describe.down', { node: row.node, scl: row.scl });
  const holes = row.list.runs.filter(
    (run) => run.type === 'hole' && run.end < MAX && (run.sent || run.first <= row.nwl),
  );
  if (holes.length === 0) return t('describe.whole', { node: row.node, scl: row.scl });
  const asked = holes.filter((run) => run.sent).length;
  const ranges = holes.map((run) => rangeText(run.first, run.end)).join(' ');
  return t('describe.holes', { node: row.node, count: holes.length, ranges, asked });
}

/** Zones of several replicas that are all down. */
const zonesOut = (rows: readonly ReplicaRow[]): readonly string[] =>
  [...new Set(rows.map(({ zone }) => zone))].filter((zone) => {
    const own = rows.filter((row) => row.zone === zone);
    return own.length > 1 && own.every(({ health }) => health === 'down');
  });

function recoveryText({ step, token }: NonNullable<WalModel['recovery']>, t: Translate): string {
  return step === 'token' ? t('describe.recoveryToken') : t('describe.recovery', { step, token });
}

export function describeWal(model: WalModel, t: Translate): string {
  const parts = [
    model.group === ''
      ? t('groups.none')
      : t('describe.volume', {
          volume: model.volume,
          vdl: knownLsn(model.vdl),
          vcl: knownLsn(model.vcl),
          group: model.group,
          pgcl: knownLsn(model.pgcl),
          tail: knownLsn(model.tail),
        }),
    ...model.rows.map((row) => describeRow(row, t)),
  ];
  for (const zone of zonesOut(model.rows)) parts.push(t('describe.zoneOut', { zone }));
  if (model.members.sets.length > 1)
    parts.push(t('describe.joint', { group: model.group, vw: model.quorum.vw }));
  if (model.waiting > 0) parts.push(sentence(t('commits.waiting', { count: model.waiting }), t));
  if (model.unreadable !== null) parts.push(sentence(t('lens.bracketWaits', model.unreadable), t));
  else if (model.bracket !== null && model.bracket.most > model.bracket.least)
    parts.push(t('describe.bracket', { least: model.bracket.least, most: model.bracket.most }));
  if (model.recovery !== null) parts.push(recoveryText(model.recovery, t));
  if (model.limit.kind !== 'normal') parts.push(sentence(limitText(model.limit, t), t));
  return parts.join(' ');
}

/** HOLE-42: `[minStart, maxNWL]` is an interval only where the group has a record of the newest term. */
export function modeText(mode: ReplicaMode, t: Translate): string {
  const { node } = mode;
  switch (mode.kind) {
    case 'normal':
      return mode.missed === null
        ? t('lens.mode.normal', { node })
        : t('lens.mode.missed', { node, token: mode.missed });
    case 'fenced':
      return t('lens.mode.fenced', { node, token: mode.token });
    case 'recovery': {
      const { token, minStart, maxNwl } = mode;
      const figures = { node, token, minStart: groupDigits(minStart), maxNwl: groupDigits(maxNwl) };
      return minStart <= maxNwl ? t('lens.mode.recovery', figures) : t('lens.mode.recoveryNone', figures);
    }
  }
}

/** HOLE-19, HOLE-42; empty: nobody knows. */
export function limitText(limit: FillLimit, t: Translate): string {
  switch (limit.kind) {
    case 'normal':
      return limit.sgcl < 0 ? '' : t('walLimit.normal', { sgcl: limit.sgcl });
    case 'unknown':
      return t('walLimit.unknown');
    case 'recovery': {
      const { minStart, maxNwl } = limit;
      return t(minStart <= maxNwl ? 'walLimit.recovery' : 'walLimit.nothing', { minStart, maxNwl });
    }
  }
}

/** Runs that the filter names. */
export const countRuns = (model: Pick<WalModel, 'rows'>, filter: string, t: Translate): number =>
  model.rows.reduce(
    (sum, { node, runs }) =>
      sum + runs.filter(({ first, end }) => runMatches(model, node, first, end, filter, t)).length,
    0,
  );

/** Whether a run is among what the filter names: an LSN, a replica, a state. */
export function runMatches(
  model: Pick<WalModel, 'rows'>,
  node: string,
  first: number,
  end: number,
  filter: string,
  t: Translate,
): boolean {
  const { isEmpty, lsn, matches } = filterOf(filter);
  if (isEmpty) return true;
  if (lsn !== null) return first <= lsn && lsn < end;
  const run = model.rows.find((row) => row.node === node)?.runs.find((one) => one.first === first);
  return matches(`${node} ${run === undefined ? '' : runStateText(run, t)}`);
}
