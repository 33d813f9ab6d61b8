// A repro bundle comes back as it was; one that was damaged says where and how, and is never opened in part.

import { expect, test } from 'vitest';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { printReproBundle, type ReproBundle, readReproBundle } from './repro-bundle.ts';
import { readTapeFile } from './tape-file.ts';

function bundle(): ReproBundle {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  return {
    engine: '0.1.0',
    preset: 'hook-hole',
    seed: 7,
    error: { kind: 'engine', node: 'store-2', at: 56_218, rule: '', detail: 'a list without "END"\nat 112' },
    hash: { hash: '0123456789abcdef', isOfTrace: true, events: 1204, time: 56_218 },
    tape: printTape(tapes, tape),
    trace: ['{"index":7,"at":56000,"node":"store-2","kind":"hole.open"}', '{"index":8}'],
  };
}

test('what is printed is read again to the letter, also with the line ends of another system', () => {
  const whole = bundle();
  const text = printReproBundle(whole);
  expect(readReproBundle(text)).toMatchObject({ ok: true, bundle: whole });
  expect(readReproBundle(text.replaceAll('\n', '\r\n'))).toMatchObject({ ok: true, bundle: whole });
  expect(readTapeFile(text)).toMatchObject({
    ok: true,
    tape: whole.tape,
    preview: { preset: 'hook-hole', seed: 7 },
    bundle: { error: whole.error },
  });
});

test('a plain tape is no repro bundle', () => {
  expect(readTapeFile(bundle().tape)).toMatchObject({ ok: true, bundle: null });
});

const text = printReproBundle(bundle());
const lines = text.trimEnd().split('\n');
const changed = (at: number, to: (line: string) => string): string =>
  lines.map((line, i) => (i === at ? to(line) : line)).join('\n');

test.each([
  ['cut off', lines.slice(0, -1).join('\n'), /cut off: it has \d+ of \d+ lines/],
  ['with more behind it', `${text}crash store-1\n`, /1 do not belong to it/],
  ['with another tape', changed(3, (line) => `${line} `), /was changed: its checksum/],
  ['with another event', changed(lines.length - 1, () => '{"index":9}'), /was changed: its checksum/],
  ['with half a head', changed(0, (line) => line.slice(0, 60)), /head of the repro bundle is damaged/],
  ['of a later format', changed(0, (line) => line.replace('"version":1', '"version":2')), /has format 2/],
  ['without its error', changed(0, (line) => line.replace('"error"', '"fault"')), /lacks error/],
  ['without its seed', changed(0, (line) => line.replace('"seed":7', '"seed":-1')), /lacks seed/],
  ['with part of a seed', changed(0, (line) => line.replace('"seed":7', '"seed":7.5')), /lacks seed/],
  ['without its engine', changed(0, (line) => line.replace('"engine":"', '"motor":"')), /lacks engine/],
  ['of another error', changed(0, (line) => line.replace('"kind":"engine"', '"kind":"x"')), /lacks error/],
  ['without its hash', changed(0, (line) => line.replace('"isOfTrace":true,', '')), /lacks hash/],
  ['that counts wrong', changed(0, (line) => line.replace('"events":1204', '"events":-4')), /lacks hash/],
])('a repro bundle %s is refused by line and reason', (_how, damaged, reason) => {
  const read = readTapeFile(damaged);
  expect(read).toMatchObject({ ok: false, why: { error: expect.stringMatching(reason) } });
  expect(!read.ok && read.line).toBeGreaterThan(0);
});

test('a repro bundle that is whole, with a tape that is none, names the line in its own text', () => {
  const tape = bundle().tape.trimEnd().split('\n');
  const broken = printReproBundle({ ...bundle(), tape: [...tape, '9.000 explode store-1'].join('\n') });
  expect(readTapeFile(broken)).toMatchObject({ ok: false, line: tape.length + 2 });
});
