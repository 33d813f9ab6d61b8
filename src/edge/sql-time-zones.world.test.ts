// AT TIME ZONE, held against PostgreSQL itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdAgainstPostgres } from './testing/held-against-postgres.ts';

let held: Awaited<ReturnType<typeof holdAgainstPostgres>>;
beforeAll(async () => {
  held = await holdAgainstPostgres();
});
afterAll(() => held.close());

const ZONES = [...['UTC', 'gmt', '+03', '-08:00', '-3:30', 'UTC+2', 'x y']].map((zone) => `'${zone}'`);
const INTERVALS = ["interval '2 hours'", "interval '-03:30'", "interval '1 day'"];
const CLOCKS = [
  ...['2024-03-31 01:59:59', '2024-03-31 02:30:00', '2024-03-31 03:00:00', '2024-10-27 02:30:00.5'],
  ...['2024-11-03 01:30:00', '2024-03-10 02:00:00', '1999-12-31 23:59:59.999999', '2011-12-30 12:00'],
  ...['2024-04-07 01:45:00', '1965-06-01 12:00', 'infinity'],
];

test('between moments and the clocks of zones', async () => {
  const statements = [...ZONES, ...INTERVALS].flatMap((zone) =>
    CLOCKS.flatMap((text) => [
      `select timestamp '${text}' at time zone ${zone}`,
      `select timestamptz '${text}' at time zone ${zone}`,
      `select timezone(${zone}, timestamptz '${text}')`,
    ]),
  );
  expect(await held.differences(statements)).toEqual([]);
});
