// What a chunk server shows of the bytes that it has (docs/spec/polarfs.md §7): as its own replica is now, whoever leads.

import type { GroupId } from '../../base/ids.ts';
import type { DevicePlace } from '../kernel/view-params.ts';
import { chunkBytes } from '../pfs/geometry.ts';
import type { Hosted } from './chunk-state.ts';
import { readBytes } from './replica.ts';
import type { PlaceView } from './trace-events.ts';

/** Places of chunks that it has no replica of, and places beyond a chunk's end, are left out. */
export const placesOf = (
  chunks: ReadonlyMap<GroupId, Hosted>,
  places: readonly DevicePlace[],
): readonly PlaceView[] =>
  places.flatMap((place) => {
    const { group, at, length } = place;
    const replica = chunks.get(group)?.replica;
    if (replica === undefined || at < 0 || at + length > chunkBytes(replica.geometry)) return [];
    return [{ ...place, bytes: readBytes(replica, at, length) }];
  });
