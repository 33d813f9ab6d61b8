// The branches that the replay worker holds: the tape that was loaded (`main`), and at most two what-if twins forked from
// it or from one another. One is shown; another may be held against it at the same time.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { type DifferenceSearch, searchDifference } from './first-difference.ts';
import { makePlayer, type Player } from './player.ts';

/** Twins beside the main branch; each keeps its keyframes in a share of their own. */
const MAX_TWINS = 2;
const TWIN_SHELF_BYTES = 4 * 1024 * 1024;

export type BranchId = 'main' | 'twin-1' | 'twin-2';

export interface BranchState {
  readonly id: BranchId;
  /** Where it was forked and from which branch; null for main. */
  readonly fork: { readonly from: BranchId; readonly at: Time } | null;
  readonly time: Time;
  /** What was done to it since its fork, as lines of its tape. */
  readonly own: readonly string[];
  /** How many actions it has of main; what follows them are its own, and those that it has of the twin that it left. */
  readonly ofMain: number;
  readonly beyondMain: readonly string[];
}

interface Branch {
  readonly id: BranchId;
  readonly player: Player;
  readonly fork: BranchState['fork'];
  /** Actions of its tape that it has from its parent, and from main. */
  readonly inherited: number;
  readonly ofMain: number;
}

export interface Branches {
  /** Loads a tape into `main`; what was simulated of the same run is kept. */
  load(tape: Tape): void;
  shown(): Player;
  shownId(): BranchId;
  /** False for a twin that was dropped, and for all of a run that another took the place of. */
  holds(player: Player): boolean;
  /** Where the shown branch left another, or null. */
  parent(): { readonly player: Player; readonly at: Time } | null;
  /** The branch that is held against the shown one, or null. */
  against(): Player | null;
  againstId(): BranchId | null;
  setAgainst(id: BranchId | null): void;
  show(id: BranchId): void;
  fork(): BranchId;
  drop(id: BranchId): void;
  /** Takes back the newest action done to the shown twin; its line, or null when there is none. */
  undo(): string | null;
  /** The search for the first difference between the two that are compared. */
  difference(): DifferenceSearch | null;
  /** Tapes have changed: what was compared before says nothing. */
  forgetDifference(): void;
  states(): readonly BranchState[];
  /** The shown branch's tape, up to where it stands. */
  tapeText(withHash: boolean): string;
}

export function makeBranches(edge: () => Edge): Branches {
  let branches: Branch[] = [];
  let shownId: BranchId = 'main';
  let againstId: BranchId | null = null;
  let search: DifferenceSearch | null = null;

  const find = (id: BranchId): Branch | undefined => branches.find((branch) => branch.id === id);
  const shown = (): Branch => present(find(shownId), 'a loaded tape');

  const makeMain = (tape: Tape): Branch => {
    const result = setupRun(known, tape);
    if (!result.ok) throw new Error(result.error);
    return { id: 'main', player: makePlayer(result.setup, edge()), fork: null, inherited: 0, ofMain: 0 };
  };

  const stateOf = ({ id, player, fork, inherited, ofMain }: Branch): BranchState => {
    const beyondMain =
      fork === null
        ? []
        : player
            .actions()
            .slice(ofMain)
            .map((action) => printLine(tapes, action));
    return { id, fork, time: player.now(), own: beyondMain.slice(inherited - ofMain), ofMain, beyondMain };
  };

  return {
    load(tape) {
      search = null;
      shownId = 'main';
      if (find('main')?.player.follow(tape) === true) return;
      // Another run: its twins are of no run that is shown.
      branches = [makeMain(tape)];
      againstId = null;
    },
    shown: () => shown().player,
    parent() {
      const { fork } = shown();
      const from = fork === null ? undefined : find(fork.from);
      return fork === null || from === undefined ? null : { player: from.player, at: fork.at };
    },
    shownId: () => shownId,
    holds: (player) => branches.some((branch) => branch.player === player),
    against: () => (againstId === null || againstId === shownId ? null : (find(againstId)?.player ?? null)),
    againstId: () => againstId,
    setAgainst(id) {
      againstId = id;
      search = null;
    },
    show(id) {
      if (find(id) === undefined) throw new Error(`there is no branch ${id}`);
      if (againstId === id) againstId = shownId;
      shownId = id;
      search = null;
    },
    fork() {
      const id = (['twin-1', 'twin-2'] as const).find((one) => find(one) === undefined);
      if (id === undefined) throw new Error(`at most ${MAX_TWINS} twins beside the run`);
      const { player, ofMain } = shown();
      const twin = player.fork(TWIN_SHELF_BYTES);
      const fork = { from: shownId, at: player.now() };
      const inherited = twin.actions().length;
      branches.push({ id, player: twin, fork, inherited, ofMain: shownId === 'main' ? inherited : ofMain });
      againstId = shownId;
      shownId = id;
      search = null;
      return id;
    },
    drop(id) {
      if (id === 'main') throw new Error('only a twin can be dropped');
      branches = branches.filter((branch) => branch.id !== id);
      if (shownId === id) shownId = 'main';
      if (againstId === id || againstId === shownId) againstId = null;
      search = null;
    },
    undo() {
      const { player, inherited, fork } = shown();
      const last = player.actions().at(-1);
      if (fork === null || last === undefined || player.actions().length <= inherited) return null;
      player.takeBack(player.actions().length - 1);
      search = null;
      return printLine(tapes, last);
    },
    difference() {
      const other = againstId === null || againstId === shownId ? undefined : find(againstId);
      if (other === undefined) return null;
      search ??= searchDifference(shown().player, other.player);
      return search;
    },
    forgetDifference() {
      search = null;
    },
    states: () => branches.map(stateOf),
    tapeText(withHash) {
      const { player } = shown();
      const { header } = player.setup.tape;
      const { world } = player.lived();
      const end = { at: player.now(), hash: withHash ? player.hash() : null };
      return printTape(tapes, { header: { ...header, end }, actions: world.fabric.tape });
    },
  };
}
