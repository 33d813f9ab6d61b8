// Tape actions on how time passes at a node: freeze, processor speed, clock offset and drift.

import { commandNode, freezeNode } from '../node-commands.ts';
import { count, LONGEST_US, micros, millis } from './args.ts';
import { defineAction } from './define.ts';

export const timeActions = {
  freeze: defineAction({
    target: 'node',
    isFault: true,
    undo: 'resume',
    do: (fabric, { node }) => freezeNode(fabric, node, true),
    end: (fabric, { node }) => freezeNode(fabric, node, false),
  }),
  resume: defineAction({ target: 'node', do: (fabric, { node }) => freezeNode(fabric, node, false) }),
  slowCpu: defineAction({
    target: 'node',
    args: { usPerInput: micros(0, LONGEST_US, 100) },
    isFault: true,
    undo: 'slowCpu',
    do: (fabric, { node, usPerInput }) => commandNode(fabric, node, { kind: 'slowCpu', usPerInput }),
    end: (fabric, { node }) => commandNode(fabric, node, { kind: 'slowCpu', usPerInput: 0 }),
  }),
  clock: defineAction({
    target: 'node',
    args: { offsetUs: millis(-LONGEST_US, LONGEST_US, 50_000) },
    isFault: true,
    undo: 'clock',
    do: (fabric, { node, offsetUs }) => commandNode(fabric, node, { kind: 'clock', offsetUs }),
    end: (fabric, { node }) => commandNode(fabric, node, { kind: 'clock', offsetUs: 0 }),
  }),
  clockDrift: defineAction({
    target: 'node',
    args: { ppm: count(-100_000, 100_000, 10_000) },
    isFault: true,
    undo: 'clockDrift',
    do: (fabric, { node, ppm }) => commandNode(fabric, node, { kind: 'clockDrift', ppm }),
    end: (fabric, { node }) => commandNode(fabric, node, { kind: 'clockDrift', ppm: 0 }),
  }),
};
