// Metadata operations a second and what a refresh costs at 10, 100 and 1,000 groups: entries are encoded, decoded and applied as a
// member of the log does it; then the frames are encoded that refresh the volume's writer and a driver.

import { present } from '../src/base/assert.ts';
import { type GroupId, groupId, type NodeId, nodeId } from '../src/base/ids.ts';
import { encodeMessage } from '../src/core/cluster/messages.ts';
import type { ClusterSpec } from '../src/core/kernel/cluster-spec.ts';
import { applyMeta, initialContent } from '../src/core/pcs/apply-meta.ts';
import {
  decodeOperation,
  encodeOperation,
  type MetaContent,
  type MetaOperation,
} from '../src/core/pcs/meta-content.ts';
import { groupChanged, metaState, routeOf } from '../src/core/pcs/meta-route.ts';
import { alternate, type Bench, type Row, rateOf, type Sample } from './harness.ts';

const SIZES = [10, 100, 1000] as const;
/** Whole changes of a group's members a run: five entries each. */
const CHANGES = 1000;
const REFRESHES = 500;
const STORES = 9;
const KEYS_IN_GROUP = 1000;

const stores = Array.from({ length: STORES }, (_, i) => nodeId(`store-${i + 1}`));
const writer = nodeId('rw-1');
const pcs = nodeId('pcs-1');

const replicasOf = (i: number): NodeId[] =>
  [0, 1, 2].map((k) => present(stores[(i + k) % STORES], 'a store'));

function clusterOf(size: number): ClusterSpec {
  const groups = Array.from({ length: size }, (_, i) => ({
    id: groupId(`g${i + 1}`),
    replicas: replicasOf(i),
    keyFirst: i * KEYS_IN_GROUP,
    keyEnd: (i + 1) * KEYS_IN_GROUP,
    vw: 2,
    vr: 2,
  }));
  const nodes = [
    { id: pcs, zone: 'a', roles: ['meta'] as const },
    { id: writer, zone: 'a', roles: ['compute'] as const },
    ...stores.map((id) => ({ id, zone: 'a', roles: ['store'] as const })),
  ];
  return { preset: 'bench', volume: 'v1', nodes, groups };
}

type Step = Extract<MetaOperation, { kind: 'memberStep' }>['step'];

/** One member of the log: what it has applied, and the number of the next request. */
class Member {
  readonly content: MetaContent;
  private reqId = 0;

  constructor(size: number) {
    this.content = initialContent(clusterOf(size));
    this.apply({ ...this.id(writer), kind: 'grantToken', volume: 'v1', expect: null });
    this.apply({
      ...this.id(writer),
      kind: 'setWriter',
      volume: 'v1',
      term: this.volume().token,
      state: 'OPEN',
    });
  }

  volume() {
    return present(this.content.volumes[0], 'the volume');
  }

  private id = (from: NodeId) => ({ from, boot: 1, reqId: ++this.reqId });

  private apply(operation: MetaOperation): void {
    const decoded = decodeOperation(encodeOperation(operation));
    if (!decoded.ok) throw new Error(decoded.error);
    const { kind } = applyMeta(this.content, decoded.value);
    if (/Refused|STALE|RACE|CHOSEN|repeated/.test(kind)) throw new Error(`${operation.kind}: ${kind}`);
  }

  private step(group: GroupId, step: Step, memberEpoch: number): void {
    this.apply({ ...this.id(pcs), kind: 'memberStep', group, step, memberEpoch });
  }

  /** A replica of a group moves to a node that has none: learner, both sets, the new set. */
  change(at: number): void {
    const groups = this.volume().groups;
    const { group, sets, memberEpoch } = present(groups[(at * 7) % groups.length], 'a group');
    const [members = []] = sets;
    const to = present(
      stores.find((store) => !members.includes(store)),
      'a store without the group',
    );
    const source = present(members[0], 'a member');
    const times = { at, deadline: at + 1 };
    this.apply({ ...this.id(pcs), kind: 'beginMove', group, source, to, isLost: false, ...times });
    this.step(group, 'enterJoint', memberEpoch + 1);
    this.step(group, 'leaveJoint', memberEpoch + 2);
    this.step(group, 'finish', memberEpoch + 3);
  }
}

const ENTRIES_IN_CHANGE = 4;

function entriesPerSecond(size: number): number {
  const member = new Member(size);
  return rateOf(CHANGES * ENTRIES_IN_CHANGE, () => {
    for (let i = 0; i < CHANGES; i++) member.change(i);
  });
}

const frames = {
  'a driver’s route': ({ content }: Member) => encodeMessage(routeOf(content, clusterOf(1), 'v1'), 0),
  'a writer’s members after a change': (member: Member) => {
    const volume = member.volume();
    const descriptor = present(volume.groups[0], 'a group');
    return encodeMessage(groupChanged(member.content, volume, descriptor), 0);
  },
  'a writer’s members, all': (member: Member) => encodeMessage(metaState(member.content, member.volume()), 0),
};

/** Microseconds of one frame. */
function frameUs(size: number, encode: (member: Member) => Uint8Array): number {
  const member = new Member(size);
  return (
    1e6 /
    rateOf(REFRESHES, () => {
      for (let i = 0; i < REFRESHES; i++) encode(member);
    })
  );
}

/** Each size in turn, round after round. */
async function bySize(measure: (size: number) => number): Promise<readonly (readonly [number, Sample])[]> {
  const samples = await alternate(
    Object.fromEntries(SIZES.map((size) => [String(size), () => measure(size)])),
  );
  return SIZES.map((size) => [size, present(samples[String(size)], 'a sample of each size')]);
}

/** How many times less than with the fewest groups is still flat. */
const FLAT = 1.5;

async function run(): Promise<Row[]> {
  const applied = await bySize(entriesPerSecond);
  const [, fewest] = present(applied[0], 'the smallest size');
  const rows = applied.map(([size, { median, spread }]): Row => {
    const row = {
      id: 'METADATA',
      name: `entries applied, ${size} groups`,
      value: median,
      unit: '/s',
      spread,
    };
    if (size === SIZES[0]) return row;
    return {
      ...row,
      reference: fewest.median,
      referenceName: `${SIZES[0]} groups`,
      ratio: median / fewest.median,
      reach: `≥ ${(1 / FLAT).toFixed(2)} of it`,
      isReached: median >= fewest.median / FLAT,
    };
  });
  for (const [what, encode] of Object.entries(frames))
    for (const [size, { median, spread }] of await bySize((groups) => frameUs(groups, encode)))
      rows.push({
        id: 'METADATA',
        name: `${what}, ${size} groups`,
        value: median,
        unit: 'µs',
        spread,
        note: `${encode(new Member(size)).length} bytes`,
      });
  return rows;
}

export const bench: Bench = { id: 'METADATA', title: 'Metadata by the number of groups', run };
