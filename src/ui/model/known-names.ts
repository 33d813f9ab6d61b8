// Cache of table names for page labels: requested when a page is to be named whose table is not known yet, once a run.

import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { attachmentsOf } from '../../core/compute/compute-view.ts';
import type { TableView } from '../../core/engine/buffer-view.ts';
import { relationOf } from '../../core/page/page-key.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { frameStore, newestFrame, useFrame } from '../../state/frame-store.ts';
import { runStore } from '../../state/run-store.ts';
import { shownRunOf } from '../../state/shown-place.ts';
import { t, useT } from '../i18n/i18n.ts';
import { useViewNeeds } from '../lab-context.ts';
import { computeOf } from './node-facts.ts';
import { pageName } from './page-name.ts';

interface KnownTables {
  /** Of which cluster: another run has other tables. */
  readonly of: string;
  readonly tables: readonly TableView[];
  /** Relations that were asked for, with or without an answer. */
  readonly asked: readonly number[];
}

const noTables: KnownTables = { of: '', tables: [], asked: [] };

export const knownTables = createStore<KnownTables>(() => noTables);

/** A relation's number is another table's in another run of the same preset and seed. */
const runOf = ({ preset, seed }: Pick<WorldFrame, 'preset' | 'seed'>): string =>
  `${preset} ${seed} ${shownRunOf(runStore.getState().run)}`;

/** The tables of a picture in which every open writer has answered; null: one has not. */
export function tablesIn({ nodes }: WorldFrame): readonly TableView[] | null {
  const computes = nodes.flatMap((node) => (node.status === 'up' ? (computeOf(node) ?? []) : []));
  const open = computes.flatMap(attachmentsOf);
  const reported = open.flatMap(({ pages }) => (pages === undefined ? [] : [pages.tables]));
  return reported.length === 0 || reported.length < open.filter(({ state }) => state === 'open').length
    ? null
    : reported.flat();
}

/** The relations of these pages that no known table has and nobody has asked for. */
export function relationsToAsk(
  blockKeys: readonly number[],
  { tables, asked }: KnownTables,
): readonly number[] {
  const isKnown = (relation: number): boolean =>
    asked.includes(relation) ||
    tables.some(
      (table) =>
        table.relation === relation ||
        table.keyRelation === relation ||
        table.indexes.some((index) => index.relation === relation),
    );
  return [...new Set(blockKeys.filter((key) => key >= 0).map(relationOf))].filter(
    (relation) => relation !== 0 && !isKnown(relation),
  );
}

/** Takes the tables of a picture, for these relations; false: it does not have them. */
export function takeTables(frame: WorldFrame, relations: readonly number[]): boolean {
  const tables = tablesIn(frame);
  if (tables === null) return false;
  knownTables.setState(({ of, asked }) => ({
    of: runOf(frame),
    tables,
    asked: of === runOf(frame) ? [...asked, ...relations] : relations,
  }));
  return true;
}

/** A page by the tables that are known now, where nothing may be asked for: lines of events, of a tape, of a disk. */
export const pageText = (blockKey: number): string => pageName(blockKey, knownTables.getState().tables, t);

/** The table of this relation, by what is known now. */
export const tableText = (relation: number): string | null =>
  knownTables.getState().tables.find((one) => one.relation === relation)?.name ?? null;

/** A message, or the name of a write, with its pages by their names: what says them has keys only (`page 4398 at …`). */
export const namePages = (text: string): string =>
  text.replace(/(?<=\bpage[ /])\d+\b/g, (key) => pageText(Number(key)));

/** The tables of the run that are known, asked for until these pages' are among them. */
export function useKnownTables(owner: string, pages: readonly number[]): readonly TableView[] {
  const needs = useViewNeeds();
  const run = useFrame(({ frame }) => (frame === null ? '' : runOf(frame)));
  const newest = useStore(knownTables);
  const known = newest.of === run ? newest : noTables;
  const missing = relationsToAsk(pages, known).join();
  useEffect(() => {
    if (missing === '') return;
    const relations = missing.split(',').map(Number);
    needs.set(owner, { pages: true });
    const take = (): void => {
      const { frame } = newestFrame();
      if (frame !== null && takeTables(frame, relations)) needs.set(owner, null);
    };
    const stop = frameStore.subscribe(take);
    take();
    return () => {
      stop();
      needs.set(owner, null);
    };
  }, [needs, owner, missing]);
  return known.tables;
}

/** A page's name, and from then on its table's once a picture has it. `pages`: those that are shown. */
export function usePageNames(owner: string, pages: readonly number[]): (blockKey: number) => string {
  const t = useT();
  const tables = useKnownTables(owner, pages);
  return (blockKey) => pageName(blockKey, tables, t);
}
