// What can be done to what the lenses show: records of the log, live requests for holes, pages, groups. Each is one action
// on the tape, or the same action for each message that carries the records.

import {
  Bug,
  CirclePause,
  CirclePlay,
  FileX2,
  Hourglass,
  LogOut,
  PackageX,
  Pin,
  PinOff,
  RefreshCw,
  ScanSearch,
  Scissors,
  Undo2,
  ZapOff,
} from 'lucide-react';
import { type GroupId, groupId, type NodeId, nodeId } from '../../../base/ids.ts';
import { attachmentsOf } from '../../../core/compute/compute-view.ts';
import type { FrameView } from '../../../core/engine/buffer-view.ts';
import type { GapRequestView } from '../../../core/log-store/store-view.ts';
import type { MetaGroupView } from '../../../core/pcs/pcs-view.ts';
import type { FlightView } from '../../../sim/types.ts';
import { metadataIn, replicasIn, writersIn } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEffect,
  type FaultEntry,
  type FaultTarget,
  type NewAction,
  unless,
} from '../../faults/entry.ts';

/** What "delay" adds, and how long a link stays cut, µs. */
const delayUs = 5000;
const cutUs = 6000;

const isUpNode = ({ frame }: FaultContext, node: string): boolean =>
  frame.nodes.find(({ id }) => id === node)?.status === 'up';

/** Messages on their way that carry any of the records, to the replica that was pointed at or to all. */
function sends({ frame, subject }: FaultContext): readonly FlightView[] {
  if (subject.kind !== 'records') return [];
  const { groups: of, first, last, node } = subject;
  return frame.flights.filter(
    ({ to, fate, label: { family, group, range } }) =>
      family === 'wal' &&
      group !== null &&
      of.includes(group) &&
      fate !== 'lost' &&
      (node === null || to === node) &&
      range !== null &&
      range[0] < last &&
      first < range[1],
  );
}

const each = (actions: readonly NewAction[]): FaultEffect => ({ kind: 'actions', actions });

const records: readonly Part[] = [
  {
    id: 'records.drop',
    label: 'fault.dropSends',
    icon: PackageX,
    names: (context) => ({ count: sends(context).length }),
    enabled: (context) => sends(context).length > 0,
    effect: (context) => each(sends(context).map(({ id }) => ({ kind: 'dropMessage', message: id }))),
  },
  {
    id: 'records.delay',
    label: 'fault.delaySends',
    icon: Hourglass,
    names: (context) => ({ count: sends(context).length, ms: delayUs / 1000 }),
    enabled: (context) => sends(context).length > 0,
    effect: (context) =>
      each(sends(context).map(({ id }) => ({ kind: 'delayMessage', message: id, byUs: delayUs }))),
  },
];

function requestOf(
  context: FaultContext,
): { readonly node: NodeId; readonly request: GapRequestView } | null {
  const { subject } = context;
  if (subject.kind !== 'request') return null;
  for (const { node, list } of replicasIn(context.frame)) {
    const request = node === subject.node ? list.requests.find(({ id }) => id === subject.id) : undefined;
    if (request !== undefined) return { node, request };
  }
  return null;
}

const peerName = (context: FaultContext): NodeId => requestOf(context)?.request.peer ?? nodeId('');
const isLiveRequest = (context: FaultContext): boolean => requestOf(context) !== null;

const requests: readonly Part[] = [
  {
    id: 'request.cut',
    label: 'fault.cutRequest',
    icon: Scissors,
    names: (context) => ({ peer: peerName(context), ms: cutUs / 1000 }),
    enabled: isLiveRequest,
    effect: (context) =>
      act({
        kind: 'cut',
        link: {
          from: [requestOf(context)?.node ?? nodeId('')],
          to: [peerName(context)],
          isBothWays: true,
        },
        forUs: cutUs,
      }),
  },
  {
    id: 'request.crash',
    label: 'fault.crashPeer',
    icon: ZapOff,
    names: (context) => ({ peer: peerName(context) }),
    enabled: (context) => isUpNode(context, peerName(context)),
    effect: (context) => act({ kind: 'crash', node: peerName(context), mode: 'drawn', forUs: null }),
  },
];

/** The store whose copy of a page was pointed at, else the first that has one. */
function holderOf(context: FaultContext): NodeId {
  const { subject } = context;
  if (subject.kind !== 'page') return nodeId('');
  const { node } = subject;
  const stores = replicasIn(context.frame).filter(({ list }) => list.group === subject.group);
  return (stores.find((store) => store.node === node) ?? stores[0])?.node ?? nodeId('');
}

const pagePrefix = ({ subject }: FaultContext): string =>
  subject.kind === 'page' ? `store/${subject.group}/page/${subject.blockKey}/` : '';

/** The attachment that writes the group of the page that was pointed at, and the page; a volume other than the cluster's own is named. */
function pageAt({ frame, subject }: FaultContext) {
  if (subject.kind !== 'page') return null;
  const { blockKey, group: of } = subject;
  for (const { node, view } of writersIn(frame))
    for (const attachment of attachmentsOf(view))
      if (attachment.groups.some(({ group }) => group === of))
        return {
          node,
          volume: attachment.volume === frame.cluster.volume ? '' : attachment.volume,
          blockKey,
          attachment,
        };
  return null;
}

/** What can be done to the page in the buffer: all, while its frames are not in the picture. */
function mayDo(context: FaultContext, suits: (frame: FrameView) => boolean): boolean {
  const page = pageAt(context);
  if (page === null) return false;
  const frames = page.attachment.pages?.frames ?? [];
  if (frames.length === 0) return true;
  const frame = frames.find(({ blockKey }) => blockKey === page.blockKey);
  return frame !== undefined && suits(frame);
}

const pageIn = (context: FaultContext) => {
  const { node = nodeId(''), volume = '', blockKey = 0 } = pageAt(context) ?? {};
  return { node, volume, blockKey };
};
const nodeName = (context: FaultContext) => ({ node: pageIn(context).node });

const pages: readonly Part[] = [
  {
    id: 'page.read',
    label: 'fault.readPage',
    icon: ScanSearch,
    names: (context) => ({ point: pageAt(context)?.attachment.vdl ?? -1 }),
    enabled: (context) => (pageAt(context)?.attachment.vdl ?? -1) >= 0,
    effect: (context) =>
      act({ kind: 'readPage', ...pageIn(context), readPoint: pageAt(context)?.attachment.vdl ?? 0 }),
  },
  {
    id: 'page.evict',
    label: 'fault.evictPage',
    icon: LogOut,
    names: nodeName,
    enabled: (context) =>
      mayDo(context, ({ pins, aboveVdl, loading }) => pins === 0 && !aboveVdl && !loading),
    effect: (context) => act({ kind: 'evictPage', ...pageIn(context) }),
  },
  {
    id: 'page.pin',
    label: 'fault.pinPage',
    icon: Pin,
    names: nodeName,
    enabled: (context) => mayDo(context, ({ loading }) => !loading),
    effect: (context) => act({ kind: 'pinPage', ...pageIn(context), forUs: null }),
  },
  {
    id: 'page.unpin',
    label: 'fault.unpinPage',
    icon: PinOff,
    names: nodeName,
    enabled: (context) => mayDo(context, ({ pins }) => pins > 0),
    effect: (context) => act({ kind: 'unpinPage', ...pageIn(context) }),
  },
  {
    id: 'page.rot',
    label: 'fault.rotPage',
    icon: Bug,
    names: (context) => ({ node: holderOf(context) }),
    enabled: (context) => isUpNode(context, holderOf(context)),
    effect: (context) =>
      act({ kind: 'bitRot', node: holderOf(context), prefix: pagePrefix(context), pick: null }),
  },
  {
    id: 'page.unreadable',
    label: 'fault.unreadablePage',
    icon: FileX2,
    names: (context) => ({ node: holderOf(context) }),
    enabled: (context) => isUpNode(context, holderOf(context)),
    effect: (context) =>
      act({ kind: 'diskReadError', node: holderOf(context), prefix: pagePrefix(context), pick: null }),
  },
];

const groupOf = ({ subject }: FaultContext): GroupId => groupId(subject.kind === 'group' ? subject.id : '');

const metaGroup = (context: FaultContext): MetaGroupView | null =>
  metadataIn(context.frame)?.groups.find(({ group }) => group === groupOf(context)) ?? null;

/** The replica that lacks most: the one that a person would make anew. */
function worstReplica(context: FaultContext): NodeId {
  const lists = replicasIn(context.frame).filter(({ list }) => list.group === groupOf(context));
  const worst = [...lists].sort((a, b) => a.list.scl - b.list.scl)[0];
  return worst?.node ?? nodeId('');
}

/** The replica that lacks most among those that ask for holes, or among those that may not. */
function askerOf(context: FaultContext, isPaused: boolean): NodeId {
  const lists = replicasIn(context.frame).filter(
    ({ list }) => list.group === groupOf(context) && list.asksNothing === isPaused,
  );
  return [...lists].sort((a, b) => a.list.scl - b.list.scl)[0]?.node ?? nodeId('');
}

const groups: readonly Part[] = [
  {
    id: 'group.remake',
    label: 'fault.remakeIn',
    icon: RefreshCw,
    names: (context) => ({ group: groupOf(context), node: worstReplica(context) }),
    // Without a replica to name there is nothing to offer.
    shown: (context) => worstReplica(context) !== '',
    does: 'operation.remakeReplica',
    ...unless((context) =>
      metaGroup(context)?.move === null
        ? null
        : { key: 'operation.moveOpen', names: { group: groupOf(context) } },
    ),
    effect: (context) =>
      act({
        kind: 'moveReplica',
        node: worstReplica(context),
        to: worstReplica(context),
        group: groupOf(context),
      }),
  },
  ...(['pauseHoles', 'resumeHoles'] as const).map(
    (kind): Part => ({
      id: `group.${kind}`,
      label: `fault.${kind}Of`,
      icon: kind === 'pauseHoles' ? CirclePause : CirclePlay,
      names: (context) => ({ node: askerOf(context, kind === 'resumeHoles') }),
      // Without a replica to name there is nothing to offer.
      shown: (context) => askerOf(context, kind === 'resumeHoles') !== '',
      enabled: (context) => askerOf(context, kind === 'resumeHoles') !== '',
      effect: (context) => {
        const node = askerOf(context, kind === 'resumeHoles');
        const group = groupOf(context);
        return act(kind === 'pauseHoles' ? { kind, node, group, forUs: null } : { kind, node, group });
      },
    }),
  ),
  {
    id: 'group.rollback',
    label: 'fault.rollbackIn',
    icon: Undo2,
    names: (context) => ({ group: groupOf(context) }),
    does: 'operation.rollbackMove',
    ...unless((context) =>
      (metaGroup(context)?.move ?? null) === null ? { key: 'operation.noMove' } : null,
    ),
    effect: (context) => act({ kind: 'rollbackMove', group: groupOf(context) }),
  },
];

type Part = Omit<FaultEntry, 'target' | 'section'>;

/** What is done to a page of log stores; a shared disk has entries of its own. */
const ofLogStores = (entry: Part): Part => ({
  ...entry,
  shown: (context) => context.frame.cluster.chunks === undefined && (entry.shown?.(context) ?? true),
});

const of = (target: FaultTarget, entries: readonly Part[]): readonly FaultEntry[] =>
  entries.map((entry) => ({ ...entry, target, section: 'main' }));

export const objectFaults: readonly FaultEntry[] = [
  ...of('records', records),
  ...of('request', requests),
  ...of('page', pages.map(ofLogStores)),
  ...of('group', groups),
];
