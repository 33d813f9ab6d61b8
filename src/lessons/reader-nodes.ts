// The start of lessons with readers: two clients write and read while readers follow the writer's log.

import type { LibraryLesson } from './format.ts';

export const underReads: LibraryLesson['start'] = {
  preset: 'cynosdb-ro',
  tape: [
    '45.000 workload d1 kind=transfer rows=8 clients=3 thinkUs=2000 ratePerSecond=0 readPercent=60 hotPercent=0 valueBytes=0 load=true',
  ],
  ms: 110,
  lens: 'journal',
  speed: 2000,
};

export const openingBalance = 100;

/** Nobody else is at work: two accounts. */
export const twoAccounts: LibraryLesson['start'] = {
  preset: 'cynosdb-ro',
  tape: [
    '6.000 sql d1 "create table accounts (id int primary key, balance bigint)"',
    `12.000 sql d1 "insert into accounts values (1, ${openingBalance}), (2, ${openingBalance})"`,
  ],
  ms: 50,
  lens: 'journal',
  speed: 1000,
};

/** Two tables of one row each. */
export const twoTables: LibraryLesson['start'] = {
  ...twoAccounts,
  tape: [
    '6.000 sql d1 "create table near (id int primary key, v int); create table far (id int primary key, v int)"',
    '14.000 sql d1 "insert into near values (1, 0); insert into far values (1, 0)"',
  ],
  ms: 60,
};

export const grownRows = 60;

/** A table of so many rows, whose index splits within the next twenty: a page of it is 1 KiB. */
export const growingIndex: LibraryLesson['start'] = {
  ...twoAccounts,
  tape: [
    '6.000 sql d1 "create table t (id int primary key, v int)"',
    `14.000 sql d1 "insert into t values ${Array.from({ length: grownRows }, (_, i) => `(${i + 1}, 0)`).join(', ')}"`,
  ],
  ms: 60,
};
