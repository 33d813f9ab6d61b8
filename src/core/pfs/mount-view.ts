// What a mount shows of itself (docs/spec/polarfs.md §1, §5, §6).

import type { ObjectType } from './geometry.ts';
import type { Leader } from './journal.ts';
import { allObjects, badObjects } from './metadata.ts';
import type { LoadMode, Mount } from './mount-state.ts';
import type { PfsObject } from './objects.ts';

export interface MountView {
  readonly mode: LoadMode;
  readonly state: Mount['state'];
  readonly token: number;
  readonly chunks: number;
  /** Of each chunk: those that can hold data of files (FS-5). */
  readonly dataBlocks: number;
  /** Of a writer as last written, of a reader as last read. */
  readonly leader: Leader;
  /** The transaction that the metadata is the state after (a reader's local head), and where it ends in the journal. */
  readonly headTx: number;
  readonly headOff: number;
  /** Objects in use. */
  readonly objects: readonly PfsObject[];
  /** Objects that fail their check. */
  readonly bad: readonly { readonly type: ObjectType; readonly no: number }[];
}

const types = ['blktag', 'direntry', 'inode'] as const;

export const viewMount = ({ mode, state, token, leader, position, meta }: Mount): MountView => ({
  mode,
  state,
  token,
  chunks: meta.chunks.length,
  dataBlocks: meta.geometry.blocksPerChunk - 1,
  leader,
  headTx: position.tx,
  headOff: position.off,
  objects: types.flatMap((type): PfsObject[] => allObjects(meta, type).filter(({ used }) => used)),
  bad: badObjects(meta),
});
