// Splits as the leader of the metadata drives them (docs/spec/placement.md PCS-46, PCS-47, PCS-74): both primaries hear with each heartbeat what
// is wanted; when the keys are copied one entry gives them away; what takes too long, or loses its primary, is given up. All that it
// needs is in the replicated state, so a leader that follows goes on.

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { relationOf } from '../page/page-key.ts';
import type { MetaResult } from './apply-meta.ts';
import { mergedTable } from './merges.ts';
import type { MetaContent, VolumeContent } from './meta-content.ts';
import { proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { followDrop } from './restore-driver.ts';
import { pushSchema } from './schema-driver.ts';
import { tableOfTablet, tabletEpoch } from './sharding.ts';
import { type Split, sourcesOf } from './split-entry.ts';
import { cutTable } from './splits.ts';
import { type placeOf, volumeNamed } from './volumes.ts';

type Reported = MessageOf<'SplitStep'>;

const isEnding = ({ pending }: MetaState, id: number): boolean =>
  pending.some(
    ({ operation: one }) =>
      (one.kind === 'cutSplit' || one.kind === 'cutMerge' || one.kind === 'endSplit') && one.id === id,
  );

/** Once in a heartbeat's time. */
export function driveSplits(state: MetaState, ctx: RoleContext): void {
  for (const split of state.content.sharding?.splits ?? []) {
    if (isEnding(state, split.id)) continue;
    const isLost = sourcesOf(split).some(({ volume, token }) => {
      const source = volumeNamed(state.content, volume);
      return source?.token !== token || source.state !== 'OPEN';
    });
    // what goes on goes on: a tablet is copied in time proportional to its rows
    const heard = state.placement.copied.get(split.id)?.at ?? state.failover.since;
    const isLate = ctx.now >= Math.max(split.deadline, heard + state.moves.moveTimeoutUs);
    if (isLost) end(state, ctx, split.id, 'STALE_TERM');
    else if (isLate) end(state, ctx, split.id, 'TIMEOUT');
    else order(state, ctx, split);
  }
}

const end = (state: MetaState, ctx: RoleContext, id: number, code: string): boolean =>
  proposeOwn(state, ctx, { kind: 'endSplit', id, code });

/** To the primaries that are to give keys away, once somebody can take them, and to all that may lead the other volume. */
function order({ content }: MetaState, ctx: RoleContext, split: Split): void {
  const { id, child, key, childVolume, other } = split;
  const made = volumeNamed(content, childVolume);
  const table = tableOfTablet(content, split.relation);
  if (!made || !table) return;
  const writer = made.state === 'OPEN' ? made.writer : null;
  // of a split its primary checks and chooses the key; until then the child's tablet has all keys from there on
  const next = other === null ? cutTable(table, split, '') : mergedTable(table, split);
  for (const { relation, volume, token } of sourcesOf(split)) {
    const step = {
      kind: 'order',
      table: next,
      relation,
      child,
      key,
      isWhole: other !== null,
      childVolume,
      writer,
      childToken: made.token,
    } as const;
    const to = new Set<NodeId>(made.writers);
    const holder = volumeNamed(content, volume)?.writer ?? null;
    if (holder !== null) to.add(holder);
    for (const node of to) send(ctx, node, { kind: 'SplitStep', to: 'compute', id, volume, token, step });
  }
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
    // its tablet was merged, or dropped: definitions tell it so, and until then it serves nobody (PCS-122)
    if (keyFirst === undefined || !tableOfTablet(content, relationOf(keyFirst))) return;
    const geoEpoch = tabletEpoch(content, keyFirst);
    const ended = { kind: 'ended', geoEpoch } as const;
    send(ctx, from, { kind: 'SplitStep', to: 'compute', id, volume, token, step: ended });
    return;
  }
  const isOf = sourcesOf(split).some((one) => one.volume === volume && one.token === token);
  if (!isOf || isEnding(state, id)) return;
  const { copied } = state.placement;
  const known = copied.get(id) ?? { at: ctx.now, of: new Map() };
  if (step.kind === 'frozen' && step.rows > (known.of.get(volume)?.rows ?? 0)) {
    known.of.set(volume, { rows: step.rows, lsn: NO_LSN, childToken: 0 as Term });
    copied.set(id, { ...known, at: ctx.now });
  }
  if (step.kind === 'failed') end(state, ctx, id, step.code);
  else if (step.kind === 'copied') {
    const { childToken, key, lsn } = step;
    const { rows } = known.of.get(volume) ?? { rows: 0 };
    known.of.set(volume, { rows, lsn, childToken });
    copied.set(id, { ...known });
    if (content.sharding?.open !== null) return;
    if (split.other === null) proposeOwn(state, ctx, { kind: 'cutSplit', id, token, childToken, key, lsn });
    else cutWhenBoth(state, ctx, split, split.other);
  }
}

const NO_LSN = -1 as Lsn;

/** PCS-122: the primary that is to have the keys has those of both on record, under one token. */
function cutWhenBoth(
  state: MetaState,
  ctx: RoleContext,
  { id, volume, token, childVolume }: Split,
  { volume: otherVolume, token: otherToken }: NonNullable<Split['other']>,
): void {
  const of = state.placement.copied.get(id)?.of;
  const [one, two] = [of?.get(volume), of?.get(otherVolume)];
  const childToken = volumeNamed(state.content, childVolume)?.token;
  if (!one || !two || childToken === undefined) return;
  if (one.childToken !== childToken || two.childToken !== childToken) return;
  const { lsn } = one;
  proposeOwn(state, ctx, { kind: 'cutMerge', id, token, otherToken, childToken, lsn, otherLsn: two.lsn });
}

export function followSplit(state: MetaState, ctx: RoleContext, result: MetaResult): void {
  if (result.kind === 'splitCut' || result.kind === 'mergeCut' || result.kind === 'splitEnded')
    state.placement.copied.delete(result.split.id);
  if (result.kind === 'splitBegun') driveSplits(state, ctx);
  else if (result.kind === 'splitCut' || result.kind === 'mergeCut') pushSchema(state, ctx);
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
  { name, groups, holder }: VolumeContent,
  boot: number,
): boolean {
  const [descriptor] = groups;
  const table = descriptor && tableOfTablet(content, relationOf(descriptor.keyFirst));
  // PCS-122: of keys that were merged into another tablet there is no leader any more
  if (content.sharding && descriptor && !table)
    return content.sharding.splits.some(({ childVolume }) => childVolume === name);
  if (!isCutAnew(content, table?.tablets) || holder === null || !table) return true;
  const heard = schema.nodes.get(holder);
  return heard !== undefined && heard.boot === boot && heard.version >= table.version;
}

const isCutAnew = (
  { sharding }: MetaContent,
  tablets: readonly { readonly geoEpoch: number }[] | undefined,
): boolean => sharding !== undefined && (tablets ?? []).some(({ geoEpoch }) => geoEpoch > 1);
