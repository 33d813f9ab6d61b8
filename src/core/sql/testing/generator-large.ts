// Statements at random about rows larger than a page: values of up to some 40,000 bytes that come, grow, move to other rows, stay
// while the row changes, and go. What is shown of them is short.

import { nextBelow, nextBetween } from '../../../base/prng.ts';
import { type Generator, pick } from './generator-state.ts';

/** Made with the schema. */
export const LARGE_SCHEMA = 'create table big (id int primary key, v text, w bytea, n int, c varchar(12000))';

const SHOWN = 'id, length(v), left(v, 8), right(v, 5), length(w), n, length(c)';

export function drawLarge({ prng }: Generator): { sql: string; ordered: boolean } {
  const id = nextBelow(prng, 12);
  const text = (): string =>
    pick(prng, [
      `repeat('${pick(prng, ['ab', 'xyz', 'é', '猫n'])}', ${nextBetween(prng, 1, 9000)})`,
      `repeat('k${nextBelow(prng, 3)}', 4000)`,
      "'short'",
      'null',
    ]);
  const bytes = (): string =>
    pick(prng, [
      `decode(repeat('00ff${nextBetween(prng, 10, 99)}', ${nextBetween(prng, 1, 4000)}), 'hex')`,
      'null',
    ]);
  const changed = (): string =>
    pick(prng, [
      `v = ${text()}`,
      `w = ${bytes()}`,
      "v = left(v || 'tail' || v, 40000)",
      // no case mapping but ASCII's (docs/architecture.md)
      'v = reverse(v), n = n + 1',
      'v = v',
      `c = left(repeat('c', ${nextBelow(prng, 12_000)}), 12000)`,
      "c = repeat('c', 12001)",
      'n = length(v)',
      'n = coalesce(n, 0) + 1',
    ]);
  switch (nextBelow(prng, 11)) {
    case 0:
    case 1:
      return {
        sql: `insert into big (id, v, w, n) values (${id}, ${text()}, ${bytes()}, 0), (${id + 12}, ${text()}, null, 1) on conflict (id) do ${pick(prng, ['nothing', 'update set v = excluded.v, n = 2', "update set n = big.n + 1, w = excluded.w where big.v <> ''"])}`,
        ordered: false,
      };
    case 2:
      return { sql: `insert into big (id, v, w) values (${id}, ${text()}, ${bytes()})`, ordered: false };
    case 3:
      return {
        sql: `update big set ${changed()} where id ${pick(prng, ['=', '<', '>'])} ${id}`,
        ordered: false,
      };
    case 4:
      return { sql: `update big set ${changed()} where id = ${id} returning ${SHOWN}`, ordered: true };
    case 5:
      return { sql: `delete from big where id = ${id} returning ${SHOWN}`, ordered: true };
    case 6:
      return {
        sql: `insert into big (id, v, n) select id + 24, left(v || v, 30000), n from big where id < ${id} on conflict (id) do nothing`,
        ordered: false,
      };
    case 7:
      return {
        sql: 'select a.id, b.id from big a join big b on a.v = b.v and a.id <= b.id order by 1, 2',
        ordered: true,
      };
    case 8:
      return {
        sql: 'select length(v), count(*), min(id), max(n) from big group by v order by 3',
        ordered: true,
      };
    case 9:
      return { sql: `select ${SHOWN} from big order by v desc nulls last, id limit 5`, ordered: true };
    default:
      return {
        sql: `select ${SHOWN} from big where v > ${text()} or w is not null order by id`,
        ordered: true,
      };
  }
}
