// What an entry of a chunk group's log says (docs/spec/polarfs.md FS-76, FS-80, FS-81): bytes to be written under a token, a token to be
// installed, or a place in the group's list of servers. Writers number their writes under a token, so one that comes again, or too
// late, is known.

import {
  blob,
  bool,
  type Codec,
  type Decoded,
  decodeWhole,
  encodeWhole,
  list,
  nullable,
  struct,
  text,
  uint,
} from '../../base/codec.ts';
import { type NodeId, nodeId } from '../../base/ids.ts';
import { PLACES } from '../consensus/identities.ts';

/** A writer begins no write to a chunk before all that are so far below its number have been answered. */
export const WRITE_WINDOW = 8;

/** Null: zeros. */
export interface Piece {
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array | null;
}

export const pieceCodec: Codec<Piece> = struct({ at: uint, length: uint, bytes: nullable(blob) });

export interface Command {
  readonly token: number;
  /** Of the writer's writes to this chunk under this token, from 1. */
  readonly seq: number;
  readonly isInstall: boolean;
  readonly pieces: readonly Piece[];
}

const commandCodec: Codec<{ token: number; seq: number; isInstall: boolean; pieces: Piece[] }> = struct({
  token: uint,
  seq: uint,
  isInstall: bool,
  pieces: list(pieceCodec),
});

export const encodeCommand = (command: Command): Uint8Array =>
  encodeWhole(commandCodec, { ...command, pieces: [...command.pieces] });

/** A server has a place in the group's list from this entry on (FS-76). */
export interface MemberPlace {
  readonly place: number;
  readonly server: NodeId;
}
const MEMBER_PLACE_VERSION = 1;
const memberPlaceCodec: Codec<{ mark: number; place: number; server: string }> = struct({
  mark: uint,
  place: uint,
  server: text,
});

/** No command begins like it: a token would be 2^52 or more. */
const MEMBER_PLACE_MARK = 2 ** 52;

export const encodeMemberPlace = ({ place, server }: MemberPlace): Uint8Array =>
  encodeWhole(memberPlaceCodec, { mark: MEMBER_PLACE_MARK + MEMBER_PLACE_VERSION, place, server });

const memberPlaceStart = encodeWhole(uint, MEMBER_PLACE_MARK + MEMBER_PLACE_VERSION);

/** Null: the entry is none. */
export function memberPlaceIn(bytes: Uint8Array): MemberPlace | null {
  if (!memberPlaceStart.every((byte, i) => bytes[i] === byte)) return null;
  const decoded = decodeWhole(memberPlaceCodec, bytes);
  if (!decoded.ok || decoded.value.place >= PLACES || decoded.value.server === '') return null;
  return { place: decoded.value.place, server: nodeId(decoded.value.server) };
}

/** Pieces of a chunk of this size, each with as many bytes as it says. */
export function decodeCommand(bytes: Uint8Array, chunkBytes: number): Decoded<Command> {
  const command = decodeWhole(commandCodec, bytes);
  if (!command.ok) return command;
  const isGood = command.value.pieces.every(
    ({ at, length, bytes: own }) =>
      length > 0 && at + length <= chunkBytes && (own === null || own.length === length),
  );
  return isGood ? command : { ok: false, error: 'a piece outside of the chunk' };
}
