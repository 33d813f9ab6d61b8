// A dump as requests.

import { expect, test } from 'vitest';
import { scriptRequests } from './sql-script.ts';

test('each statement is a request with its line, and its data goes with it', () => {
  const dump = `\\restrict abc
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET row_security = off;
SELECT pg_catalog.set_config('search_path', '', false);
SET client_encoding = 'LATIN1';
CREATE TABLE public.t (
    id integer NOT NULL
);
COPY public.t (id) FROM stdin;
1
2
\\.


ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);
\\unrestrict abc
`;
  expect(scriptRequests(dump)).toEqual([
    { text: 'SET statement_timeout = 0', line: 2, head: 'SET statement_timeout = 0' },
    { text: "SET client_encoding = 'LATIN1'", line: 6, head: "SET client_encoding = 'LATIN1'" },
    {
      text: 'CREATE TABLE public.t (\n    id integer NOT NULL\n)',
      line: 7,
      head: 'CREATE TABLE public.t (',
    },
    {
      text: 'COPY public.t (id) FROM stdin;\n1\n2\n\\.\n',
      line: 10,
      head: 'COPY public.t (id) FROM stdin',
    },
    {
      text: 'ALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id)',
      line: 16,
      head: 'ALTER TABLE ONLY public.t',
    },
  ]);
});

test('data beyond a request goes in several, each whole lines, nothing lost', () => {
  const lines = Array.from({ length: 9000 }, (_, i) => `${i}\t${'x'.repeat(60)}\n`).join('');
  const requests = scriptRequests(`COPY t FROM stdin;\n${lines}\\.\n`);
  expect(requests.length).toBeGreaterThan(1);
  const data = requests.map(({ text }) => text.slice('COPY t FROM stdin;\n'.length, -'\\.\n'.length));
  expect(data.every((part) => part.endsWith('\n'))).toBe(true);
  expect(data.join('')).toBe(lines);
});

test('a data line that begins as a line to psql is data, and what may not be cut goes whole', () => {
  expect(scriptRequests('\\restrict a\nCOPY t FROM stdin;\n\\restrict b\n\\.\n')).toEqual([
    { text: 'COPY t FROM stdin;\n\\restrict b\n\\.\n', line: 2, head: 'COPY t FROM stdin' },
  ]);
  const lines = 'x'.repeat(60).concat('\n').repeat(9000);
  expect(scriptRequests(`COPY t FROM stdin csv header;\n${lines}\\.\n`)).toHaveLength(1);
});
