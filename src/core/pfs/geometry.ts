// How a device is laid out (docs/spec/polarfs.md FS-1 to FS-6): chunks of blocks, a superblock in block 0 of each chunk, objects
// by number, and where on the device each of them lies. Pure arithmetic.

/** Bytes of a metadata object and of a journal entry (FS-2). */
export const OBJECT_BYTES = 128;
export const ENTRY_BYTES = 256;

export interface Geometry {
  readonly sectorBytes: number;
  readonly blockBytes: number;
  /** With block 0, the superblock. */
  readonly blocksPerChunk: number;
  /** Of each chunk; it has as many direntries. */
  readonly inodesPerChunk: number;
  readonly journalBlocks: number;
  /** FS-55: a trim group with so many transactions, or with so many distinct sectors, is swapped. */
  readonly trimTransactions: number;
  readonly trimSectors: number;
}

export const geometries = {
  full: {
    sectorBytes: 4096,
    blockBytes: 4 * 2 ** 20,
    blocksPerChunk: 2560,
    inodesPerChunk: 2048,
    journalBlocks: 256,
    trimTransactions: 20_000,
    trimSectors: 32_768,
  },
  demo: {
    sectorBytes: 512,
    blockBytes: 16 * 1024,
    blocksPerChunk: 40,
    inodesPerChunk: 32,
    journalBlocks: 4,
    trimTransactions: 32,
    trimSectors: 64,
  },
  mini: {
    sectorBytes: 512,
    blockBytes: 8 * 1024,
    blocksPerChunk: 20,
    inodesPerChunk: 16,
    journalBlocks: 2,
    trimTransactions: 8,
    trimSectors: 16,
  },
} as const satisfies Readonly<Record<string, Geometry>>;

/** In the order of their sets in a superblock (FS-3). */
export const objectTypes = ['blktag', 'direntry', 'inode'] as const;
export type ObjectType = (typeof objectTypes)[number];

/** A range of bytes of one chunk, whole sectors. */
export interface Place {
  readonly chunk: number;
  readonly at: number;
  readonly length: number;
}

export const chunkBytes = (g: Geometry): number => g.blocksPerChunk * g.blockBytes;
export const logBytes = (g: Geometry): number => g.journalBlocks * g.blockBytes;

/** Objects of a type in one chunk. */
export const countOf = (g: Geometry, type: ObjectType): number =>
  type === 'blktag' ? g.blocksPerChunk : g.inodesPerChunk;

/** FS-4: numbers of a chunk begin at a multiple of this. */
function numbersPerChunk(g: Geometry, type: ObjectType): number {
  let numbers = 1;
  while (numbers < countOf(g, type)) numbers *= 2;
  return numbers;
}

export const numberOf = (g: Geometry, type: ObjectType, chunk: number, index: number): number =>
  chunk * numbersPerChunk(g, type) + index;

export const chunkOf = (g: Geometry, type: ObjectType, no: number): number =>
  Math.floor(no / numbersPerChunk(g, type));
export const indexOf = (g: Geometry, type: ObjectType, no: number): number => no % numbersPerChunk(g, type);

const perSector = (g: Geometry): number => g.sectorBytes / OBJECT_BYTES;
const sectorsOf = (g: Geometry, type: ObjectType): number => Math.ceil(countOf(g, type) / perSector(g));

/** Sector of block 0 at which the set of a type begins; sector 0 is the chunk's header. */
export function firstSectorOf(g: Geometry, type: ObjectType): number {
  let sector = 1;
  for (const other of objectTypes) {
    if (other === type) break;
    sector += sectorsOf(g, other);
  }
  return sector;
}

/** Sectors of block 0 that are in use. */
export const superblockSectors = (g: Geometry): number => firstSectorOf(g, 'inode') + sectorsOf(g, 'inode');

const sectorsPerChunk = (g: Geometry): number => chunkBytes(g) / g.sectorBytes;

/** Where an object is stored: its sector, counted over the whole device, and which of the sector's objects it is. */
export function objectPlace(g: Geometry, type: ObjectType, no: number): { sector: number; slot: number } {
  const index = indexOf(g, type, no);
  const sector = firstSectorOf(g, type) + Math.floor(index / perSector(g));
  return { sector: chunkOf(g, type, no) * sectorsPerChunk(g) + sector, slot: index % perSector(g) };
}

/** The objects of a sector of a superblock, by type and number; empty of the header's. */
export function objectsIn(g: Geometry, sector: number): { type: ObjectType; no: number }[] {
  const chunk = Math.floor(sector / sectorsPerChunk(g));
  const own = sector % sectorsPerChunk(g);
  const type = objectTypes.findLast((one) => own >= firstSectorOf(g, one));
  if (type === undefined) return [];
  const first = (own - firstSectorOf(g, type)) * perSector(g);
  const count = Math.min(perSector(g), countOf(g, type) - first);
  return Array.from({ length: Math.max(0, count) }, (_, i) => ({
    type,
    no: numberOf(g, type, chunk, first + i),
  }));
}

export const sectorPlace = (g: Geometry, sector: number): Place => ({
  chunk: Math.floor(sector / sectorsPerChunk(g)),
  at: (sector % sectorsPerChunk(g)) * g.sectorBytes,
  length: g.sectorBytes,
});

export const headerPlace = (g: Geometry, chunk: number): Place => ({ chunk, at: 0, length: g.sectorBytes });

/** All of a superblock that is in use. */
export const superblockPlace = (g: Geometry, chunk: number): Place => ({
  chunk,
  at: 0,
  length: superblockSectors(g) * g.sectorBytes,
});

/** Bytes of the block that a blktag describes (FS-4). */
export const blockPlace = (g: Geometry, blktag: number, at = 0, length: number = g.blockBytes): Place => ({
  chunk: chunkOf(g, 'blktag', blktag),
  at: indexOf(g, 'blktag', blktag) * g.blockBytes + at,
  length,
});

/** FS-10: mkfs gives the paxos file the first block that there is, so the leader record is found without any metadata. */
const PAXOS_BLKTAG = 1;
export const leaderPlace = (g: Geometry): Place => blockPlace(g, PAXOS_BLKTAG, 0, g.sectorBytes);
