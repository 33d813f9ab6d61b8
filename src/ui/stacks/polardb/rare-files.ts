// Rare events of the file system on the shared device: its journal goes round while a reader sleeps (docs/spec/polarfs.md FS-57,
// FS-62), and the write of its leader record is torn on the disk of a chunk server (FS-5, FS-52, FS-70).

import type { NodeId } from '../../../base/ids.ts';
import { chunkGeometry, chunksOf } from '../../../core/chunk/device-spec.ts';
import { leaderPlace } from '../../../core/pfs/geometry.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import type { FlightView } from '../../../sim/types.ts';
import { driversOf, viewOf, viewsIn } from '../../../state/role-views.ts';
import { type RareLab, runOnTo, runOnUntil, sayNotCome, send } from '../../faults/rare-steps.ts';
import { t } from '../../i18n/i18n.ts';
import { showToast } from '../../kit/toast.ts';

/** A table has its files within so many virtual µs; so many tables are made before it is given up. */
const TABLE_US = 15_000;
const MOST_TABLES = 48;
/** Virtual ms until a reader that is awake again has followed the journal. */
const SYNC_MS = 100;

/** How often it is looked for a message, which is on its way for longer; and after how many looks that is given up. */
const LOOK_US = 250;
const MOST_LOOKS = 240;
/** A server that got a write has handed it to its disk, which needs longer than that. */
const TAKEN_US = 50;
const POWER_US = 20_000;
/** Virtual ms until a chunk server that has power again has asked its peers, and has its log. */
const START_MS = 100;

export interface Mounts {
  readonly writer: NodeId;
  readonly driver: NodeId;
  /** That has mounted the file system to read it; null: none has. */
  readonly reader: NodeId | null;
}

/** Who has the file system mounted; null: nobody who writes. */
export function mountsIn(frame: WorldFrame): Mounts | null {
  const mounted = viewsIn(frame, 'compute').filter(
    ({ status, view: { shared, state } }) =>
      status === 'up' && state === 'open' && (shared?.headTx ?? -1) >= 0,
  );
  const writer = mounted.find(({ view }) => view.mode === 'rw')?.node;
  const reader = mounted.find(({ view }) => view.mode === 'ro')?.node ?? null;
  const [driver] = driversOf(frame.cluster);
  return writer === undefined || driver === undefined ? null : { writer, driver, reader };
}

/** Transaction that the metadata of a mount is the state after. */
const headOf = (frame: WorldFrame, node: NodeId): number =>
  viewOf(
    frame.nodes.find(({ id }) => id === node),
    'compute',
  )?.shared?.headTx ?? -1;

/** The newest transaction that the journal has let go of, as the writer has said since. */
async function tailSince(lab: RareLab, writer: NodeId, from: number, to: number): Promise<number> {
  const query = {
    from,
    to,
    minRank: 0,
    kinds: ['fs.done'],
    withMessages: false,
    known: null,
    limit: 100,
  } as const;
  const { events } = await lab.past(query);
  return events.reduce(
    (tail, { node, event }) =>
      node === writer && event.kind === 'fs.done' ? Math.max(tail, event.tailTx) : tail,
    -1,
  );
}

const sqlOf = (driver: NodeId, text: string) =>
  ({ kind: 'sql', node: driver, session: 'journal', text, params: [] }) as const;

/** Files come until the tail of the journal has passed this transaction: whether it has. */
async function fillJournal(
  lab: RareLab,
  { writer, driver }: Mounts,
  head: number,
  tables: string[],
): Promise<boolean> {
  const stem = `journal_${lab.run().liveTime}`;
  while (tables.length < MOST_TABLES) {
    const table = `${stem}_${tables.length}`;
    tables.push(table);
    await send(lab, sqlOf(driver, `CREATE TABLE ${table} (id int PRIMARY KEY)`));
    const from = lab.run().liveTime;
    if ((await runOnTo(lab, from + TABLE_US)) === null) return false;
    if ((await tailSince(lab, writer, from, from + TABLE_US)) > head) return true;
  }
  return false;
}

/** FS-62: a reader sleeps while the journal goes round. Its next transaction is no longer there, so it loads the metadata anew. */
export async function journalFull(lab: RareLab): Promise<void> {
  const before = lab.frame();
  const mounts = before === null ? null : mountsIn(before);
  if (before === null || mounts === null || mounts.reader === null) {
    sayNotCome();
    return;
  }
  const { writer, driver, reader } = mounts;
  const tables: string[] = [];
  showToast({ kind: 'note', text: t('rare.journalLooking', { node: reader, writer }) });
  await send(lab, { kind: 'freeze', node: reader, forUs: null });
  const isLapped = await fillJournal(lab, mounts, headOf(before, reader), tables);
  await send(lab, { kind: 'resume', node: reader });
  const synced = isLapped ? await runOnUntil(lab, `fs.synced at ${reader}`, SYNC_MS) : null;
  if (synced === null) sayNotCome();
  else showToast({ kind: 'done', text: t('rare.journalDone', { node: reader, count: tables.length }) });
  if (tables.length > 0) await send(lab, sqlOf(driver, `DROP TABLE ${tables.join(', ')}`));
}

/** A write of the leader record on its way from the writer to whom it takes for the leader of the first chunk. */
export function leaderRecordIn(frame: WorldFrame, writer: NodeId): FlightView | null {
  const { chunk, at } = leaderPlace(chunkGeometry(frame.cluster));
  const group = chunksOf(frame.cluster)[chunk]?.id;
  return (
    frame.flights.find(
      ({ fate, from, label }) =>
        fate === 'flying' &&
        from === writer &&
        label.kind === 'ChunkWrite' &&
        label.group === group &&
        label.place === at,
    ) ?? null
  );
}

/** Whether the newest write that the disk of a chunk server has not synced is one of the first chunk’s log. */
export function isLogging(frame: WorldFrame, server: NodeId): boolean {
  const { chunk } = leaderPlace(chunkGeometry(frame.cluster));
  const unsynced = frame.nodes.find(({ id }) => id === server)?.disk?.unsynced ?? [];
  return unsynced.at(-1)?.startsWith(`chunk/${chunksOf(frame.cluster)[chunk]?.id}/log/`) === true;
}

/** Runs on until a chunk server is writing the leader record; null: it did not come about. */
async function serverWritingLeader(lab: RareLab, writer: NodeId): Promise<NodeId | null> {
  for (let i = 0; i < MOST_LOOKS; i++) {
    const frame = await runOnTo(lab, lab.run().liveTime + LOOK_US);
    if (frame === null) return null;
    const sent = leaderRecordIn(frame, writer);
    if (sent === null) continue;
    const taken = await runOnTo(lab, sent.arrivesAt + TAKEN_US);
    if (taken === null) return null;
    if (isLogging(taken, sent.to)) return sent.to;
  }
  return null;
}

/** FS-52, FS-70: power goes while a chunk server writes the leader record, and tears that write; a majority has it whole. */
export async function tornLeaderRecord(lab: RareLab): Promise<void> {
  const before = lab.frame();
  const mounts = before === null ? null : mountsIn(before);
  if (mounts === null) {
    sayNotCome();
    return;
  }
  const { writer, driver } = mounts;
  const table = `leader_${lab.run().liveTime}`;
  showToast({ kind: 'note', text: t('rare.leaderLooking', { writer }) });
  await send(lab, sqlOf(driver, `CREATE TABLE ${table} (id int PRIMARY KEY)`));
  const server = await serverWritingLeader(lab, writer);
  if (server !== null) await send(lab, { kind: 'crash', node: server, mode: 'tornLast', forUs: POWER_US });
  const back = server === null ? null : await runOnUntil(lab, `chunk.durable at ${server}`, START_MS);
  if (server === null || back === null) sayNotCome();
  else showToast({ kind: 'done', text: t('rare.leaderDone', { node: server }) });
  await send(lab, sqlOf(driver, `DROP TABLE ${table}`));
}
