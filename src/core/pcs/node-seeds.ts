// Whom a node asks for the metadata once other nodes hold it than those that the cluster was laid out with (docs/spec/pcs.md PCS-1, PCS-103):
// kept on its disk, so that it finds them when it is started again. Of a value that cannot be read nothing is used.

import { branded, type Codec, type Decoded, list, text } from '../../base/codec.ts';
import type { NodeId } from '../../base/ids.ts';
import type { DiskImage, Write } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';

const VERSION = 1;
export const PCS_NODES_KEY = 'node/pcs';
const codec: Codec<NodeId[]> = list(branded<NodeId>(text));

export const sealPcsNodes = (nodes: readonly NodeId[]): Uint8Array => sealWith(codec, VERSION, [...nodes]);
export const openPcsNodes = (bytes: Uint8Array): Decoded<NodeId[]> => openWith(codec, VERSION, bytes);

/** Null: the disk names nobody. */
export function readPcsNodes(disk: DiskImage): readonly NodeId[] | null {
  const bytes = disk.get(PCS_NODES_KEY);
  const opened = bytes && openPcsNodes(bytes);
  return opened?.ok && opened.value.length > 0 ? opened.value : null;
}

export const pcsNodesWrites = (nodes: readonly NodeId[]): Write[] => [
  { key: PCS_NODES_KEY, bytes: sealPcsNodes(nodes) },
];
