// A picture on its way from a worker to the page: messages in flight as one array of numbers beside their words, and of
// nodes, links and cluster only what is not as it was in the picture before. A structured clone of a thousand messages and
// fifty nodes would take longer than drawing them; and what did not change stays the same object for whoever draws it.

import { type GroupId, groupId, type NodeId, nodeId, time } from '../base/ids.ts';
import { isSame } from '../base/same-plain.ts';
import type { ClusterSpec, MessageFamily, MessageLabel } from '../core/door.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from '../sim/frame.ts';
import type { FlightView } from '../sim/types.ts';

interface PackedFlights {
  /** Names and words that the numbers refer to. */
  readonly words: readonly string[];
  /** `columns` numbers for each message; NaN stands for none. */
  readonly numbers: Float64Array;
}

export interface PackedFrame extends Omit<WorldFrame, 'cluster' | 'nodes' | 'links' | 'flights'> {
  /** Null: as before. */
  readonly cluster: ClusterSpec | null;
  readonly links: readonly LinkFrame[] | null;
  /** Those that are not as before. */
  readonly nodes: readonly NodeFrame[];
  readonly flights: PackedFlights;
}

const columns = 16;
/** More copies of one message than a tape can make. */
const copiesPerMessage = 1 << 20;
const fates: readonly FlightView['fate'][] = ['flying', 'lost', 'held'];
const none = Number.NaN;

function packFlights(flights: readonly FlightView[]): PackedFlights {
  const words: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (word: string): number => {
    const known = places.get(word);
    if (known !== undefined) return known;
    places.set(word, words.length);
    words.push(word);
    return words.length - 1;
  };
  const numbers = new Float64Array(flights.length * columns);
  flights.forEach((flight, i) => {
    const { label } = flight;
    // `<from>.<sequence>.<copy>`: the name's first part is the sender's.
    const [sequence = '0', copy = '0'] = flight.id.slice(flight.from.length + 1).split('.');
    numbers.set(
      [
        placeOf(flight.from),
        Number(sequence),
        Number(copy),
        placeOf(flight.to),
        flight.sentAt,
        flight.arrivesAt,
        fates.indexOf(flight.fate),
        flight.bytes,
        placeOf(label.kind),
        placeOf(label.family),
        label.group === null ? none : placeOf(label.group),
        label.range === null ? none : label.range[0],
        label.range === null ? none : label.range[1],
        label.token ?? none,
        label.blockKey ?? none,
        label.trace ?? none,
      ],
      i * columns,
    );
  });
  return { words, numbers };
}

export interface FrameWriter {
  pack(frame: WorldFrame): PackedFrame;
}

export function makeFrameWriter(): FrameWriter {
  let cluster: ClusterSpec | null = null;
  let links: readonly LinkFrame[] = [];
  let nodes = new Map<NodeId, NodeFrame>();
  return {
    pack(frame) {
      const isOther = cluster === null || !isSame(cluster, frame.cluster);
      const isRelinked = isOther || !isSame(links, frame.links);
      const changed = frame.nodes.filter((node) => isOther || !isSame(nodes.get(node.id), node));
      if (isOther) nodes = new Map();
      for (const node of changed) nodes.set(node.id, node);
      cluster = frame.cluster;
      links = frame.links;
      return {
        ...frame,
        cluster: isOther ? frame.cluster : null,
        links: isRelinked ? frame.links : null,
        nodes: changed,
        flights: packFlights(frame.flights),
      };
    },
  };
}

function unpackLabel(numbers: Float64Array, from: number, word: (place: number) => string): MessageLabel {
  const at = (i: number): number => numbers[from + i] ?? none;
  const optional = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const group = at(10);
  const blockKey = at(14);
  const trace = at(15);
  return {
    kind: word(at(8)),
    family: word(at(9)) as MessageFamily,
    group: Number.isNaN(group) ? null : (groupId(word(group)) satisfies GroupId),
    range: Number.isNaN(at(11)) ? null : [at(11), at(12)],
    token: optional(at(13)),
    ...(Number.isNaN(blockKey) ? {} : { blockKey }),
    ...(Number.isNaN(trace) ? {} : { trace }),
  };
}

/** Reads pictures in the order in which they were packed. */
export function makeFrameReader(): (packed: PackedFrame) => WorldFrame {
  let cluster: ClusterSpec | null = null;
  let links: readonly LinkFrame[] = [];
  let nodes = new Map<NodeId, NodeFrame>();
  /** By sender, then by sequence and copy: most messages of a picture were in the one before. */
  let flights = new Map<string, Map<number, FlightView>>();

  const readFlights = ({ words, numbers }: PackedFlights): FlightView[] => {
    const next = new Map<string, Map<number, FlightView>>();
    const word = (place: number): string => words[place] ?? '';
    const views: FlightView[] = [];
    for (let from = 0; from < numbers.length; from += columns) {
      const at = (i: number): number => numbers[from + i] ?? 0;
      const sender = word(at(0));
      const key = at(1) * copiesPerMessage + at(2);
      const fate = fates[at(6)] ?? 'flying';
      const known = flights.get(sender)?.get(key);
      const isKnown = known?.arrivesAt === at(5) && known.fate === fate && known.bytes === at(7);
      const view: FlightView = isKnown
        ? known
        : {
            id: `${sender}.${at(1)}.${at(2)}`,
            from: nodeId(sender),
            to: nodeId(word(at(3))),
            sentAt: time(at(4)),
            arrivesAt: time(at(5)),
            fate,
            label: unpackLabel(numbers, from, word),
            bytes: at(7),
          };
      const own = next.get(sender);
      if (own === undefined) next.set(sender, new Map([[key, view]]));
      else own.set(key, view);
      views.push(view);
    }
    flights = next;
    return views;
  };

  return (packed) => {
    if (packed.cluster !== null) {
      cluster = packed.cluster;
      nodes = new Map();
      flights = new Map();
    }
    if (packed.links !== null) links = packed.links;
    for (const node of packed.nodes) nodes.set(node.id, node);
    const spec = cluster ?? { preset: packed.preset, volume: '', nodes: [], groups: [] };
    return {
      ...packed,
      cluster: spec,
      links,
      nodes: spec.nodes.flatMap(({ id }) => nodes.get(id) ?? []),
      flights: readFlights(packed.flights),
    };
  };
}
