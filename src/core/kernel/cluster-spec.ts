// A cluster as its preset lays it out: nodes with their roles, and where the volume lies, in protection groups or in chunks.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { Role } from './view.ts';

export interface NodeSpec {
  readonly id: NodeId;
  readonly zone: string;
  readonly roles: readonly Role[];
  /** A compute node without an attachment at the cluster's own volume: it waits until a restore gives it one (WAL-45). A node of the metadata that its log does not begin with: it waits until it is added (PCS-106). */
  readonly isSpare?: true;
  /** A compute node that reads the cluster's volume and never writes it (READ-1). */
  readonly isReader?: true;
  /** With `isReader`: a classic standby, for contrast: it replays a file of its own before its first read (READ-18, READ-31). */
  readonly isClassic?: true;
  /** A compute node of the volume's HA group (FENCE-18): it may write the volume, those with the greatest priority first. With `isReader` it begins as a standby. */
  readonly haPriority?: number;
  /** Attachments of a compute node that wait for volumes; one at a spare node, none at another unless said here. */
  readonly spareAttachments?: number;
  /** It was added to a cluster that runs: it joins the metadata under its name (PCS-3). */
  readonly isAdded?: true;
  /** What differs from the parameters of all disks. */
  readonly ownDisk?: DiskSpec;
}

/** A disk: times in µs, MB/s, bytes. */
export interface DiskSpec {
  readonly syncUs?: number;
  readonly syncJitterUs?: number;
  readonly readUs?: number;
  readonly bandwidth?: number;
  readonly limitBytes?: number;
}

/** How long messages between two zones, or inside one, take, both ways (PRE-3), where it is not the parameters' time. */
export interface ZoneLink {
  readonly from: string;
  readonly to: string;
  readonly baseUs: number;
  /** Uniform in 0 to this, or with a heavy tail. */
  readonly jitterUs: number;
  readonly isHeavyTailed?: true;
  /** As measured: in so many of a thousand messages at most this long, µs; both grow. In place of a jitter. */
  readonly percentiles?: readonly (readonly [perMille: number, us: number])[];
}

/** A link is the same both ways. */
export const isBetween = (link: ZoneLink, from: string, to: string): boolean =>
  (link.from === from && link.to === to) || (link.from === to && link.to === from);

/** A protection group as the preset creates it: a page-key range `[keyFirst, keyEnd)` and its replicas. */
export interface GroupSpec {
  readonly id: GroupId;
  readonly replicas: readonly NodeId[];
  readonly keyFirst: number;
  readonly keyEnd: number;
  readonly vw: number;
  readonly vr: number;
  /** In a picture where each group has a volume of its own (PCS-39). */
  readonly volume?: string;
}

/** A chunk of the shared device and its replicas (FS-1, FS-70). */
export interface ChunkSpec {
  readonly id: GroupId;
  readonly replicas: readonly NodeId[];
}

export interface ClusterSpec {
  readonly preset: string;
  readonly volume: string;
  readonly nodes: readonly NodeSpec[];
  readonly groups: readonly GroupSpec[];
  /** Where the volume lies in files of a shared device: its chunks, in order. Then there are no protection groups. */
  readonly chunks?: readonly ChunkSpec[];
  /** Tables are cut into tablets, and a tablet gets its group and volume, with replicas and quorums of these sizes, when it is first written (PCS-39). No volume is there at the start. */
  readonly placement?: { readonly n: number; readonly vw: number; readonly vr: number };
  readonly links?: readonly ZoneLink[];
}
