// Statements with parameters whose types only their place tells.

/** Texts with their parameters. */
export const INFERRED: readonly (readonly [sql: string, params: readonly string[]])[] = [
  ['select * from items where id = $1', ['7']],
  ['select * from items where $1 < id and id <= $2 and c like $3', ['5', '200', '%a%']],
  ['select * from items where id in ($1, $2, 3) or b between $3 and $1', ['1', '9', '0']],
  ['select $1 || c, coalesce($2, a), nullif(d, $3) from items', ['x', '4', '1.5']],
  ['select a + $1, b * $2, case when e = $3 then $4 else c end from items', ['1', '2', 'true', 'q']],
  ['select id from items order by id limit $1 offset $2', ['3', '1']],
  ['select lpad($1, $2), length($1) from loose', ['abc', '5']],
  ['select a from items where c = $1 and $1 <> $2', ['ab', 'a']],
  ['select count(*) filter (where a > $1), sum(a - $1) from items having count(*) > $2', ['2', '0']],
  ['insert into loose (x, y, z, q) values ($1, $2, $3, $4)', ['11', 'p', '2.5', 'true']],
  ['insert into loose (y) select $1 from items where id < $2', ['sel', '4']],
  ['update items set a = $1, c = $2 where id = $3', ['5', 'upd', '8']],
  ['update items set b = b + $1 where id < $2 and b < $3', ['1', '20', '1000']],
  ['delete from loose where y = $1 and x > $2', ['p', '10']],
  ['select $1 + 1.50, $2 * m from items', ['2', '1.10']],
  ['select * from prices where amount >= $1 and rate < $2', ['1.00', '5']],
  ['insert into prices (amount, rate) values ($1, $2)', ['77.700', '1.23456']],
  ['select $1', ['bare']],
  ['select $1::int, $1 + 1', ['3']],
  ['select $1, $1 + 1', ['3']],
  ['select - $1', ['3']],
  ['select $1 + $2', ['3', '4']],
  ['select id from items where id = $1', ['x']],
  ['select id from items where id = $1', ['99999999999']],
];
