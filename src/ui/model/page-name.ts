// Page labels: table and block (`accounts#3`), the key's B+tree (`accounts.key#1`), another index (`accounts_owner_idx#1`), the pages of the volume itself. A page
// of no known table is named by its relation.

import type { TableView } from '../../core/engine/buffer-view.ts';
import { blockOf, pageKey, RELATIONS_PER_GROUP, relationOf } from '../../core/page/page-key.ts';
import type { Translate } from '../i18n/i18n.ts';
import '../../words/model/model.en.json';

/** The fork of relation 0 that holds the commit log, and the one with the client table. */
const commitLogFork = 1;
/** Forks of a table with the parts of its large values, and with the index over them. */
const largeForks: ReadonlyMap<number, string> = new Map([
  [2, '.large'],
  [3, '.large.key'],
]);

/** The catalog is no table of a person's. */
const tableName = ({ name }: TableView, t: Translate): string =>
  name === 'catalog' ? t('lenses.catalog') : name;

const forkOf = (blockKey: number): number =>
  Math.floor((blockKey - pageKey(relationOf(blockKey), 0, 0)) / (pageKey(0, 1, 0) - pageKey(0, 0, 0)));

export function pageName(blockKey: number, tables: readonly TableView[], t: Translate): string {
  const relation = relationOf(blockKey);
  const block = blockOf(blockKey);
  if (relation !== 0 && relation % RELATIONS_PER_GROUP === 0) return t('lenses.groupPage');
  if (relation === 0)
    return forkOf(blockKey) === commitLogFork ? `${t('lenses.commitLog')}#${block}` : t('lenses.volumePage');
  const heap = tables.find((table) => table.relation === relation);
  if (heap !== undefined) return `${tableName(heap, t)}${largeForks.get(forkOf(blockKey)) ?? ''}#${block}`;
  const key = tables.find((table) => table.keyRelation === relation);
  if (key !== undefined) return `${tableName(key, t)}.key#${block}`;
  const index = tables.flatMap(({ indexes }) => indexes).find((one) => one.relation === relation);
  if (index !== undefined) return `${index.name}#${block}`;
  return relation === clientRelation
    ? `${t('lenses.clientTable')}#${block}`
    : `${relationName(relation, t)}#${block}`;
}

/** A relation of no known table, by its number: never the bare number. */
export const relationName = (relation: number, t: Translate): string => t('lenses.relation', { relation });

/** Relation of the client table (FENCE-43). */
const clientRelation = 2;
