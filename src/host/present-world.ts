// The live cluster as it stands, for the replay worker: a look at the past, or a twin, begins with it and not with a replay of all
// that led there.

import type { NodeId, Time } from '../base/ids.ts';
import { newestListed } from '../run-model/recorder/recorder.ts';
import { printTape } from '../sim/tape-print.ts';
import { tapes } from '../stacks/tapes.ts';
import type { HostCore } from './host-core.ts';
import { type Packed, packWhole } from './keyframe-codec.ts';
import { blame, type NodePort } from './node-ports.ts';
import type { PresentWorld } from './replay-messages.ts';
import { pastOf, type StoredWorld, wholeWorld, writeStored } from './stored-keyframe.ts';
import { changingOf } from './world-snapshot.ts';

/** Events of every rank that go with it: what the list of events has room for. */
const EVENTS = 2_000;

const keyOf = (text: string, time: Time) => ({ past: pastOf(text, []), time });

const packNode = async (id: NodeId, port: NodePort): Promise<readonly [NodeId, Packed]> => {
  const { packed } = await port.call<'now'>({ kind: 'now' }).catch(blame(id));
  return [id, packed];
};

/** Between two windows. */
export async function presentWorld(core: HostCore, knownAt: number | null): Promise<PresentWorld> {
  const { setup, record, cluster, loop } = core.current();
  const { fabric } = cluster;
  const standing = (): { text: string; time: Time } => {
    const header = { ...setup.tape.header, marks: record.marks, end: { at: fabric.now, hash: null } };
    return { text: printTape(tapes, { header, actions: fabric.tape }), time: fabric.now };
  };
  const pack = async (): Promise<PresentWorld> => {
    const { text, time } = standing();
    if (time === knownAt) return { text, time, bytes: null };
    const { ports, images, recorder } = cluster.kept();
    const nodes = await Promise.all(
      fabric.nodes.flatMap(({ spec: { id } }) => {
        const port = ports.get(id);
        return port === undefined ? [] : [packNode(id, port)];
      }),
    );
    const rest = packWhole({
      fabric: changingOf(fabric),
      recorder: newestListed(recorder, EVENTS),
      images: new Map([...images].map(([node, image]) => [node, new Map(image)])),
    });
    return { text, time, bytes: writeStored(keyOf(text, time), rest, nodes) };
  };
  // A cluster that has stopped is looked at by a replay.
  return loop.between(pack).catch(() => ({ ...standing(), bytes: null }));
}

/** Null: it is not whole. */
export const readPresent = ({ text, time, bytes }: PresentWorld): StoredWorld | null =>
  wholeWorld(bytes, keyOf(text, time));
