// Tape actions on how time passes at a node: freeze, processor speed, clock offset and drift.

import { settingParts } from '../fault-parts.ts';
import { freezeNode, setNode } from '../node-commands.ts';
import { count, LONGEST_US, micros, millis } from './args.ts';
import { defineAction } from './define.ts';

export const timeActions = {
  /** The node does nothing, and what arrives waits; its disk and its power stay. */
  freeze: defineAction({
    target: 'node',
    isFault: true,
    undo: 'resume',
    parts: (_, { node }) => [{ kind: 'frozen', node }],
    do: (fabric, { node }) => freezeNode(fabric, node, true),
    end: (fabric, { node }) => freezeNode(fabric, node, false),
  }),
  /** A frozen node goes on. */
  resume: defineAction({ target: 'node', do: (fabric, { node }) => freezeNode(fabric, node, false) }),
  /** Every input takes the node this long. */
  slowCpu: defineAction({
    target: 'node',
    args: { usPerInput: micros(0, LONGEST_US, 100) },
    isFault: true,
    undo: 'slowCpu',
    parts: (fabric, { node }) => settingParts(fabric, node, ['slowCpu']),
    do: (fabric, { node, usPerInput }) =>
      setNode(fabric, node, { kind: 'slowCpu', usPerInput }, { slowCpu: usPerInput }),
    end: (fabric, { node }) => setNode(fabric, node, { kind: 'slowCpu', usPerInput: 0 }, { slowCpu: 0 }),
  }),
  /** The node’s clock is off by this much. */
  clock: defineAction({
    target: 'node',
    args: { offsetUs: millis(-LONGEST_US, LONGEST_US, 50_000) },
    isFault: true,
    undo: 'clock',
    parts: (fabric, { node }) => settingParts(fabric, node, ['clock']),
    do: (fabric, { node, offsetUs }) =>
      setNode(fabric, node, { kind: 'clock', offsetUs }, { clock: offsetUs }),
    end: (fabric, { node }) => setNode(fabric, node, { kind: 'clock', offsetUs: 0 }, { clock: 0 }),
  }),
  /** The node’s clock runs fast, or slow, by so many parts in a million. */
  clockDrift: defineAction({
    target: 'node',
    args: { ppm: count(-100_000, 100_000, 10_000) },
    isFault: true,
    undo: 'clockDrift',
    parts: (fabric, { node }) => settingParts(fabric, node, ['clockDrift']),
    do: (fabric, { node, ppm }) => setNode(fabric, node, { kind: 'clockDrift', ppm }, { clockDrift: ppm }),
    end: (fabric, { node }) => setNode(fabric, node, { kind: 'clockDrift', ppm: 0 }, { clockDrift: 0 }),
  }),
};
