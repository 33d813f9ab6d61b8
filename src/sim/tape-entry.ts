// What a person does, made an action that the tape can hold and give back: it is read as a line of the tape is, with
// every limit, before it happens. A run with a line that no reader takes could never be opened again.

import type { NodeId } from '../base/ids.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import { clusterAfter } from './fabric-nodes.ts';
import type { Fabric } from './fabric-state.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { checkAction } from './tape-check.ts';
import { TAPE_LIMITS } from './tape-limits.ts';
import { parseAction } from './tape-parse.ts';
import { printLine } from './tape-print.ts';
import { printMs } from './tape-tokens.ts';

/** Room on a tape that only power cuts use: each new visit to a saved run writes one. */
const KEPT_ACTIONS = 1_000;
const KEPT_LENGTH = 4 * 1024 * 1024;

/** An action, or why it is refused. */
export type Entry = TapeAction | Refusal;

export interface Statement {
  readonly session: string;
  /** Null: the first. */
  readonly driver: string | null;
  readonly text: string;
  /** Absent: none. */
  readonly params?: readonly (string | null)[];
}

/** Where it is done: `cluster` with every node that the run has had. */
type Place = Pick<Fabric, 'now' | 'cluster' | 'params'>;

function read(tables: TapeTables, line: string, { cluster, params }: Place): Entry {
  const action = parseAction(tables, line);
  if ('error' in action) return action;
  return checkAction(tables, action, cluster, params) ?? action;
}

/** A line without its time, at the fabric's time. `before`: entries that are done first. */
export const readEntry = (
  tables: TapeTables,
  line: string,
  fabric: Place,
  before: readonly TapeAction[] = [],
): Entry =>
  read(tables, `${printMs(fabric.now)} ${line}`, {
    ...fabric,
    cluster: before.reduce((cluster, action) => clusterAfter(tables.nodes, cluster, action), fabric.cluster),
  });

/** A statement, sent through the driver. */
export function statementEntry(
  tables: TapeTables,
  { session, driver, text, params = [] }: Statement,
  fabric: Place,
): Entry {
  const node = driverOf(fabric, driver);
  if (node === null) return driver === null ? refusal('noDriver') : refusal('noDriverHere', { name: driver });
  const line = printLine(tables, { kind: 'sql', at: fabric.now, node, session, text, params });
  return read(tables, line, fabric);
}

/** The driver of this name (null: the first), if there is one. */
export const driverOf = ({ cluster }: Pick<Fabric, 'cluster'>, name: string | null): NodeId | null =>
  cluster.nodes.find(({ id, roles }) => roles.includes('driver') && (name === null || id === name))?.id ??
  null;

/** Of actions whose lines were measured: a tape is measured again for each that comes. */
const lengths = new WeakMap<TapeAction, number>();

function lineLength(tables: TapeTables, action: TapeAction): number {
  const known = lengths.get(action);
  if (known !== undefined) return known;
  const length = printLine(tables, action).length + 1;
  lengths.set(action, length);
  return length;
}

const lengthOf = (tables: TapeTables, actions: readonly TapeAction[]): number =>
  actions.reduce((sum, action) => sum + lineLength(tables, action), 0);

/** Why a tape takes no more, or null: the run goes on, what a person does is refused. */
export function fullTape(
  tables: TapeTables,
  tape: readonly TapeAction[],
  more: readonly TapeAction[],
): Refusal | null {
  const actions = TAPE_LIMITS.actions - KEPT_ACTIONS;
  if (tape.length + more.length > actions) return refusal('tapeFullActions', { most: actions });
  const length = TAPE_LIMITS.bytes - KEPT_LENGTH;
  return lengthOf(tables, tape) + lengthOf(tables, more) > length
    ? refusal('tapeFullCharacters', { most: length })
    : null;
}
