// The log as one node knows it, in place of the truth: the writer knows its replicas by
// the SCLs they reported, a store knows itself and what its peers advertised to it, others know nothing of the log. Pure.

import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import { openHoles, type StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import { computeOf, storeOf } from '../../../../model/node-facts.ts';
import { groupRuns } from '../../../../model/runs.ts';
import { ownFillLimit } from './fill-limit.ts';
import type { ReplicaRow, WalModel } from './model.ts';
import { countCopies, type WalSource } from './project.ts';

const nothing = {
  runs: [],
  effective: null,
  scl: -1,
  ncl: -1,
  nwl: -1,
  pgcl: -1,
  holes: 0,
  list: null,
} as const;

interface Reported {
  readonly scl: number;
  readonly ncl: number;
  readonly nwl: number;
  readonly pgcl: number;
}

/** A replica that reported: whole to what it reported, nothing is known above. */
function reportedRow(row: ReplicaRow, reported: Reported, window: WalModel['window']): ReplicaRow {
  const data = { first: 0, end: reported.ncl + 1, type: 'data', sent: false, request: null } as const;
  const runs = groupRuns(
    { runs: reported.ncl < 0 ? [] : [data], volatile: [], ncl: reported.ncl, nwl: reported.ncl },
    window,
  );
  return { ...row, ...reported, runs, holes: 0, list: null };
}

function asWriter(model: WalModel, writer: AttachmentView): WalModel {
  const own = writer.groups.find(({ group }) => group === model.group);
  const rows = model.rows.map((row) => {
    const known = own?.replicas.find(({ replica, known: isKnown }) => isKnown && replica === row.node);
    if (known === undefined) return { ...row, ...nothing };
    const { scl } = known;
    return reportedRow(row, { scl, ncl: scl, nwl: -1, pgcl: own?.pgcl ?? -1 }, model.window);
  });
  return { ...model, rows };
}

function asStore(model: WalModel, node: string, list: StoreGroupView): WalModel {
  const rows = model.rows.map((row) => {
    if (row.node === node) return { ...row, holes: openHoles(list) };
    const peer = list.peers.find((one) => one.peer === row.node);
    if (peer === undefined || !peer.known) return { ...row, ...nothing };
    const { ncl, nwl, pgcl } = peer;
    return reportedRow(row, { scl: -1, ncl, nwl, pgcl }, model.window);
  });
  const unknown = { vcl: -1, tail: -1, lalLimit: -1, waiting: 0, writer: null } as const;
  const own = { vdl: list.knownVdl, pgcl: list.pgcl, sgcl: list.sgcl, limit: ownFillLimit(list) };
  return { ...model, ...unknown, ...own, rows };
}

/** The model as `pov` knows it; the truth for null. What nobody can know by itself (fate) is left out. */
export function seenBy(model: WalModel, { nodes }: Pick<WalSource, 'nodes'>, pov: string | null): WalModel {
  if (pov === null) return model;
  const frame = nodes[pov];
  const writer = computeOf(frame);
  const list = storeOf(frame)?.groups.find(({ group }) => group === model.group) ?? null;
  const none = { vdl: -1, vcl: -1, pgcl: -1, sgcl: -1, tail: -1, lalLimit: -1, waiting: 0, writer: null };
  const limit = { kind: 'normal', sgcl: -1 } as const;
  const rows = model.rows.map((row) => ({ ...row, ...nothing }));
  const blank: WalModel = { ...model, ...none, limit, rows };
  const seen = writer !== null ? asWriter(model, writer) : list !== null ? asStore(model, pov, list) : blank;
  const selected = seen.rows.find(({ node }) => node === model.selected?.node) ?? null;
  return { ...seen, selected, bracket: null, terms: [], copies: countCopies(seen.rows, model.window) };
}

/** Virtual µs since the viewer last heard from a replica, or null when it does not keep that. */
export function heardAgo(
  { nodes }: Pick<WalSource, 'nodes'>,
  pov: string | null,
  group: string,
  replica: string,
  now: number,
): number | null {
  if (pov === null || pov === replica) return null;
  const known = computeOf(nodes[pov])
    ?.groups.find((view) => view.group === group)
    ?.replicas.find((view) => view.replica === replica);
  const at = known?.lastReportAt ?? null;
  return at === null ? null : Math.max(0, now - at);
}
