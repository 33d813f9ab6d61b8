// What an entry of a chunk group's log says (docs/spec/polarfs.md FS-80, FS-81): bytes to be written under a token, or a token to be
// installed. Writers number their writes under a token, so one that comes again, or too late, is known.

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
  uint,
} from '../../base/codec.ts';

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
