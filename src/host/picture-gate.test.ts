// When the next picture may be made, on a clock of the test's own.

import { expect, test } from 'vitest';
import { makePictureGate } from './picture-gate.ts';

function makeBench() {
  let now = 0;
  const gate = makePictureGate(() => now);
  return {
    gate,
    at: (ms: number) => {
      now = ms;
      return gate;
    },
  };
}

test('one picture is on its way; the next waits until it is drawn, and half as long as it took', () => {
  const { at } = makeBench();
  expect(at(0).isOpen(false)).toBe(true);
  at(100).onBegun();
  at(110).onSent();
  expect(at(120).isOpen(false)).toBe(false);
  at(140).onDrawn();
  expect(at(159).isOpen(false)).toBe(false);
  expect(at(160).isOpen(false)).toBe(true);
});

test('at maximum speed the next waits for the drawing only', () => {
  const { at } = makeBench();
  at(0).onBegun();
  at(40).onSent();
  expect(at(50).isOpen(true)).toBe(false);
  at(60).onDrawn();
  expect([at(60).isOpen(false), at(60).isOpen(true)]).toEqual([false, true]);
});

test('the rest has a limit, and a page that says nothing is not waited for for ever', () => {
  const { at } = makeBench();
  at(0).onBegun();
  at(400).onSent();
  at(900).onDrawn();
  expect([at(959).isOpen(false), at(960).isOpen(false)]).toEqual([false, true]);
  at(1000).onSent();
  expect([at(2000).isOpen(false), at(2001).isOpen(false)]).toEqual([false, true]);
});

test('notified twice that it was drawn, it rests once', () => {
  const { at } = makeBench();
  at(0).onBegun();
  at(10).onSent();
  at(20).onDrawn();
  at(500).onDrawn();
  expect(at(501).isOpen(false)).toBe(true);
});
