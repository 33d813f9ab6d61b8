// How a preset's run stands at the end of its boot, recorded while the page is built (lab/hook-keyframe.ts) by the engine that is
// built in: whoever chooses the preset goes on from there. Its nodes get the memory and the disk that they had at that instant.
// The disks are written before the lab decides for the run, so that a browser that is killed meanwhile has the run before. What
// cannot be fetched or read is as if it had not been recorded: the run boots from its beginning.

import type { NodeId } from '../base/ids.ts';
import type { KeyframeMark, RecordedMark } from '../run-model/picture/keyframe.ts';
import type { Fabric } from '../sim/fabric-state.ts';
import type { RunSetup } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import type { Loss } from './databases.ts';
import { type DiskSet, type HostCore, placeIn } from './host-core.ts';
import { blame, codeFor, type NodePort, visit } from './node-ports.ts';
import {
  headerText,
  type KeyframeKey,
  linesOf,
  pastOf,
  type StoredWorld,
  wholeWorld,
} from './stored-keyframe.ts';
import type { Image } from './worker-messages.ts';

/** What the recorded start of this tape is named by. */
export const startKey = ({ header, actions }: Tape, { at }: KeyframeMark): KeyframeKey => ({
  past: pastOf(headerText(header), linesOf(actions)),
  time: at,
});

export async function loadStart(mark: RecordedMark): Promise<Uint8Array | null> {
  try {
    const response = await fetch(mark.start);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** Null: no start of this tape, whole and of this engine. */
export const readStart = (bytes: Uint8Array | null, tape: Tape, mark: KeyframeMark): StoredWorld | null =>
  wholeWorld(bytes, startKey(tape, mark));

export interface BegunNodes {
  readonly ports: ReadonlyMap<NodeId, NodePort>;
  readonly images: ReadonlyMap<NodeId, Image>;
  /** The lab did not decide for their run. */
  drop(): Promise<unknown>;
}

/** Each node in a worker of its own, on a new disk that holds what it had at that instant. When one cannot be, none is left. */
export async function beginNodes(
  core: HostCore,
  { program }: RunSetup,
  fabric: Fabric,
  { runners, images: durable }: StoredWorld,
  disks: DiskSet,
  onFenced: (why: Loss) => void,
): Promise<BegunNodes> {
  const host = core.theHost();
  const { failpoint } = core;
  const known = new Map(runners);
  const ports = new Map<NodeId, NodePort>();
  const images = new Map<NodeId, Image>();
  const begin = async ({ spec: { id, roles }, life }: Fabric['nodes'][number]): Promise<void> => {
    const place = placeIn(core, disks, id);
    const runner = known.get(id);
    if (runner !== undefined) {
      const port = host.makePort(codeFor(roles), onFenced);
      ports.set(id, port);
      await port.call<'adopt'>({ kind: 'adopt', program, runner, place, failpoint, begunAt: fabric.now });
      return;
    }
    const image: Image = [...(durable.get(id) ?? [])];
    const stamp = { until: fabric.now, ordinal: 0, life: life + 1, hash: '0'.repeat(16) };
    await visit(host, codeFor(roles), onFenced, (port) =>
      port.call<'restore'>({ kind: 'restore', place, image, stamp }),
    );
    images.set(id, image);
  };
  const ends = await Promise.allSettled(fabric.nodes.map((node) => begin(node).catch(blame(node.spec.id))));
  const failed = ends.find((end) => end.status === 'rejected');
  const drop = (): Promise<unknown> => Promise.all([...ports.values()].map((port) => port.end()));
  if (failed === undefined) return { ports, images, drop };
  await drop();
  throw failed.reason;
}
