// A picture on its way from a worker to the page: messages in flight as one array of numbers beside their words, of links,
// outages and cluster only what is not as it was in the picture before, and of each node what changed in it. A structured clone
// of a thousand messages and fifty nodes, ten of them with the records of their log, would take longer than drawing them; and
// what did not change stays the same object for whoever draws it.

import type { NodeId } from '../base/ids.ts';
import { applyChange, changeOf, type PlainChange } from '../base/plain-change.ts';
import { isSame } from '../base/same-plain.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { OutageFrame } from '../run-model/outages/outage-frame.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from '../run-model/picture/frame.ts';
import { flightFates, makeMessageReader, type PackedMessages, packMessages } from './message-wire.ts';

export interface PackedFrame extends Omit<WorldFrame, 'cluster' | 'nodes' | 'links' | 'flights' | 'outages'> {
  /** Null: as before. */
  readonly cluster: ClusterSpec | null;
  readonly links: readonly LinkFrame[] | null;
  readonly outages: readonly OutageFrame[] | null;
  /** Those that are not as before; one that was in no picture before is whole. */
  readonly nodes: readonly { readonly id: NodeId; readonly change: PlainChange }[];
  readonly flights: PackedMessages;
}

export interface FrameWriter {
  pack(frame: WorldFrame): PackedFrame;
}

export function makeFrameWriter(): FrameWriter {
  let cluster: ClusterSpec | null = null;
  let links: readonly LinkFrame[] = [];
  let outages: readonly OutageFrame[] = [];
  let nodes = new Map<NodeId, NodeFrame>();
  return {
    pack(frame) {
      const isOther = cluster === null || !isSame(cluster, frame.cluster);
      const isRelinked = isOther || !isSame(links, frame.links);
      const isNews = isOther || !isSame(outages, frame.outages);
      if (isOther) nodes = new Map();
      const changed = frame.nodes.flatMap((node) => {
        const change = changeOf(nodes.get(node.id), node);
        if (change !== null) nodes.set(node.id, node);
        return change === null ? [] : [{ id: node.id, change }];
      });
      cluster = frame.cluster;
      links = frame.links;
      outages = frame.outages;
      return {
        ...frame,
        cluster: isOther ? frame.cluster : null,
        links: isRelinked ? frame.links : null,
        outages: isNews ? frame.outages : null,
        nodes: changed,
        flights: packMessages(frame.flights),
      };
    },
  };
}

/** Reads pictures in the order in which they were packed. */
export function makeFrameReader(): (packed: PackedFrame) => WorldFrame {
  let cluster: ClusterSpec | null = null;
  let links: readonly LinkFrame[] = [];
  let outages: readonly OutageFrame[] = [];
  let nodes = new Map<NodeId, NodeFrame>();
  let readFlights = makeMessageReader(flightFates);

  return (packed) => {
    if (packed.cluster !== null) {
      cluster = packed.cluster;
      nodes = new Map();
      readFlights = makeMessageReader(flightFates);
    }
    if (packed.links !== null) links = packed.links;
    if (packed.outages !== null) outages = packed.outages;
    for (const { id, change } of packed.nodes) nodes.set(id, applyChange(nodes.get(id), change) as NodeFrame);
    const spec = cluster ?? { preset: packed.preset, volume: '', nodes: [], groups: [] };
    return {
      ...packed,
      cluster: spec,
      links,
      outages,
      nodes: spec.nodes.flatMap(({ id }) => nodes.get(id) ?? []),
      flights: readFlights(packed.flights),
    };
  };
}
