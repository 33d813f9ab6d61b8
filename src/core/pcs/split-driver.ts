// Splits as the leader of the metadata drives them (docs/spec/pcs.md PCS-46, PCS-47, PCS-74): both primaries hear with each heartbeat what
// is wanted; when the keys are copied one entry gives them away; what takes too long, or loses its primary, is given up. All that it
// needs is in the replicated state, so a leader that follows goes on.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { relationOf } from '../page/page-key.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, VolumeContent } from './meta-content.ts';
import { proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { followDrop } from './restore-driver.ts';
import { pushSchema } from './schema-driver.ts';
import { tableOfTablet, tabletEpoch } from './sharding.ts';
import type { Split } from './split-entry.ts';
import { cutTable } from './splits.ts';
import { type placeOf, volumeNamed } from './volumes.ts';

type Reported = MessageOf<'SplitStep'>;

const isEnding = ({ pending }: MetaState, id: number): boolean =>
  pending.some(({ operation: one }) => (one.kind === 'cutSplit' || one.kind === 'endSplit') && one.id === id);

/** Once in a heartbeat's time. */
export function driveSplits(state: MetaState, ctx: RoleContext): void {
  for (const split of state.content.sharding?.splits ?? []) {
    if (isEnding(state, split.id)) continue;
    const parent = volumeNamed(state.content, split.volume);
    const isLost = parent?.token !== split.token || parent.state !== 'OPEN';
    // what goes on goes on: a tablet is copied in time proportional to its rows
    const heard = state.placement.copied.get(split.id)?.at ?? state.failover.since;
    const isLate = ctx.now >= Math.max(split.deadline, heard + state.moves.moveTimeoutUs);
    if (isLost) end(state, ctx, split.id, 'STALE_TERM');
    else if (isLate) end(state, ctx, split.id, 'TIMEOUT');
    else if (parent) order(state, ctx, split, parent);
  }
}

const end = (state: MetaState, ctx: RoleContext, id: number, code: string): boolean =>
  proposeOwn(state, ctx, { kind: 'endSplit', id, code });

/** To the primary that is to give keys away, once somebody can take them, and to all that may lead the other volume. */
function order({ content }: MetaState, ctx: RoleContext, split: Split, parent: VolumeContent): void {
  const { id, relation, child, key, childVolume, token } = split;
  const made = volumeNamed(content, childVolume);
  const table = tableOfTablet(content, relation);
  if (!made || !table) return;
  const writer = made.state === 'OPEN' ? made.writer : null;
  const step = {
    kind: 'order',
    // its primary checks and chooses the key; until then the child's tablet has all keys from there on
    table: cutTable(table, split, ''),
    relation,
    child,
    key,
    childVolume,
    writer,
    childToken: made.token,
  } as const;
  const to = new Set<NodeId>(made.writers);
  if (parent.writer !== null) to.add(parent.writer);
  for (const node of to)
    send(ctx, node, { kind: 'SplitStep', to: 'compute', id, volume: split.volume, token, step });
}

/** How far the primary is; one that asks for a split that is over hears how often its keys have changed by now. */
export function onSplitReport(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { id, volume, token, step }: Reported,
): void {
  const { content } = state;
  const { splits = [], splitsMade = 0 } = content.sharding ?? {};
  const split = splits.find((one) => one.id === id);
  if (!split) {
    // one that has not heard of it yet says nothing
    if (id > splitsMade) return;
    const keyFirst = volumeNamed(content, volume)?.groups[0]?.keyFirst;
    const geoEpoch = keyFirst === undefined ? 0 : tabletEpoch(content, keyFirst);
    const ended = { kind: 'ended', geoEpoch } as const;
    send(ctx, from, { kind: 'SplitStep', to: 'compute', id, volume, token, step: ended });
    return;
  }
  if (split.token !== token || isEnding(state, id)) return;
  const { copied } = state.placement;
  if (step.kind === 'frozen' && step.rows > (copied.get(id)?.rows ?? 0))
    copied.set(id, { rows: step.rows, at: ctx.now });
  if (step.kind === 'failed') end(state, ctx, id, step.code);
  else if (step.kind === 'copied' && content.sharding?.open === null) {
    const { childToken, key, lsn } = step;
    proposeOwn(state, ctx, { kind: 'cutSplit', id, token, childToken, key, lsn });
  }
}

export function followSplit(state: MetaState, ctx: RoleContext, result: MetaResult): void {
  if (result.kind === 'splitCut' || result.kind === 'splitEnded')
    state.placement.copied.delete(result.split.id);
  if (result.kind === 'splitBegun') driveSplits(state, ctx);
  else if (result.kind === 'splitCut') pushSchema(state, ctx);
  else if (result.kind === 'splitEnded' && result.dropped) followDrop(ctx, result.dropped);
}

/** Of the group's voters the one that leads fewest, but for its leader. */
export function leaderOfChild(
  { content }: MetaState,
  place: NonNullable<ReturnType<typeof placeOf>>,
): NodeId | null {
  const leads = (node: NodeId): number => content.volumes.filter(({ writer }) => writer === node).length;
  const voters = (place.descriptor.sets.at(-1) ?? []).filter((node) => node !== place.volume.writer);
  return voters.toSorted((a, b) => leads(a) - leads(b) || (a < b ? -1 : 1))[0] ?? null;
}

/** PCS-48, PCS-87: who is to lead a tablet whose keys have changed knows that they have, in this life of its node. */
export function knowsKeys(
  { content, schema }: MetaState,
  { groups, holder }: VolumeContent,
  boot: number,
): boolean {
  const [descriptor] = groups;
  const table = descriptor && tableOfTablet(content, relationOf(descriptor.keyFirst));
  if (!isCutAnew(content, table?.tablets) || holder === null || !table) return true;
  const heard = schema.nodes.get(holder);
  return heard !== undefined && heard.boot === boot && heard.version >= table.version;
}

const isCutAnew = (
  { sharding }: MetaContent,
  tablets: readonly { readonly geoEpoch: number }[] | undefined,
): boolean => sharding !== undefined && (tablets ?? []).some(({ geoEpoch }) => geoEpoch > 1);
