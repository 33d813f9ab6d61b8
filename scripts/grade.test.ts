// `sim grade` as a teacher calls it: a folder of what came in, some of it hostile, and the files that come of it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'grade-'));
afterAll(() => rmSync(folder, { recursive: true }));
const assignment = 'examples/majority.assignment.json';
const at = (name: string): string => join(folder, name);

const grade = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/sim.mjs', 'grade', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

const start = (name: string): string => grade(assignment, '--start', name).stdout;
const twoDown = '60.000 crash store-2 for 40.000 ms\n70.000 crash store-3 for 30.000 ms\n';

test('a folder is graded: who passed and why not, tapes that are the same, and one bad file fails alone', () => {
  mkdirSync(at('in/cat'), { recursive: true });
  mkdirSync(at('in/dan'));
  const ann = start('ann');
  expect(ann).toMatch(/^postdb-tape 1\n/);
  writeFileSync(at('in/ann.tape'), ann + twoDown);
  writeFileSync(at('in/=1+1.tape'), ann + twoDown.replace('60.000 crash', '61.000 crash'));
  writeFileSync(at('in/<b>lazy.tape'), ann);
  writeFileSync(at('in/cat/anything.txt'), ann + twoDown.replace('store-3', 'store-1'));
  for (const name of ['one', 'two']) writeFileSync(at(`in/dan/${name}.tape`), ann);
  writeFileSync(at('in/eve.tape'), 'not a tape');
  writeFileSync(at('in/fay.tape'), Buffer.alloc(9 * 1024 * 1024, 0x20));
  writeFileSync(at('in/gus.tape'), Buffer.from([0xff, 0xfe, 0xfd]));
  const { status, stdout } = grade(
    ...[assignment, at('in'), '--csv', at('o.csv'), '--json', at('o.json'), '--page', at('o.html')],
    ...['--lab', 'https://host/lab/'],
  );
  expect(status).toBe(1);
  expect(stdout).toMatch(/\n2 of 8 passed\n$/);
  const { results } = JSON.parse(readFileSync(at('o.json'), 'utf8'));
  const of = (name: string) => results.find((row: { name: string }) => row.name === name);
  expect(of('ann')).toMatchObject({ passed: true, actions: 2, sameAs: ['=1+1'], problems: [] });
  expect(of('=1+1')).toMatchObject({ passed: true, sameAs: ['ann'] });
  expect(of('cat')).toMatchObject({ passed: false, sameAs: [], problems: [] });
  expect(of('<b>lazy')).toMatchObject({ passed: false, actions: 0, sameAs: [] });
  expect(of('dan').problems).toEqual(['the folder has 2 files, one is expected']);
  expect(of('eve').problems[0]).toMatch(/^line 1, column 1: not a tape/);
  expect(of('fay').problems).toEqual(['the file has 9.0 MiB, at most 8.0 are read']);
  expect(of('gus').problems).toEqual(['the file is not UTF-8 text']);
  const csv = readFileSync(at('o.csv'), 'utf8').split('\r\n');
  expect(csv[0]).toBe(
    'name,result,first-down,second-down,commits,actions,violations,same as,problems,remarks,seed',
  );
  expect(csv.find((line) => line.includes('=1+1,'))).toMatch(/^'=1\+1,passed,met at 61\.000,/);
  const page = readFileSync(at('o.html'), 'utf8');
  expect(page).toContain('&lt;b&gt;lazy');
  expect(page).not.toContain('<b>lazy');
  expect(page.match(/href="https:\/\/host\/lab\/#\/lab&amp;r=1\.[\w-]+&amp;at=400\.000"/g)?.length).toBe(4);
});

test('a replay that takes longer than it may ends alone, and a bad assignment, folder or option is refused', () => {
  const slow = grade(assignment, at('in'), '--seconds', '0.001', '--workers', '1');
  expect(slow.status).toBe(1);
  expect(slow.stdout).toMatch(/ann +failed +the replay took more than 0\.001 s/);
  writeFileSync(
    at('bad.json'),
    JSON.stringify({ ...JSON.parse(readFileSync(assignment, 'utf8')), seed: 'mine' }),
  );
  for (const [args, error] of [
    [[at('bad.json'), at('in')], 'bad.json: seed: '],
    [[assignment, at('nowhere')], 'nowhere is no folder'],
    [[assignment, at('in'), '--workers', '0'], '--workers 0 is no number of threads'],
  ] as const) {
    const { status, stderr } = grade(...args);
    expect(status, error).toBe(2);
    expect(stderr).toContain(error);
  }
});
