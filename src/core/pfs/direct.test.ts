// Calls beside the mount's own (docs/spec/polarfs.md FS-44): which need no transaction, and which have to wait.

import { expect, test } from 'vitest';
import { type Direct, directOutcome, freedBy, planDirect } from './direct.ts';
import { geometries } from './geometry.ts';
import { beginCall } from './mount.ts';
import type { Call, Mount } from './mount-state.ts';
import { callOn, makeMemoryDevice, mkfs, mountDevice, perform } from './testing/memory-device.ts';

const { blockBytes: BLOCK } = geometries.mini;
const bytes = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const write = (offset: number, data: Uint8Array): Call => ({
  kind: 'pwrite',
  file: '/f',
  offset,
  bytes: data,
});

const planned = (mount: Mount, call: Call): Direct => {
  const plan = planDirect(mount, call);
  if (plan === null || 'ok' in plan) throw new Error('no plan');
  return plan;
};

test('FS-44 what is inside of written blocks goes beside the mount, and leaves no transaction', () => {
  const device = makeMemoryDevice(geometries.mini, 1);
  mkfs(device);
  const { mount } = mountDevice(device);
  callOn(device, mount, { kind: 'fallocate', path: '/f', length: 2 * BLOCK });
  const { tx } = mount.position;
  const { io } = planned(mount, write(BLOCK - 512, bytes(1024, 7)));
  if (io.kind !== 'write') throw new Error('a write');
  expect(io.writes.map(({ place: { length } }) => length)).toEqual([512, 512]);
  expect(perform(device, mount.token, io).kind).toBe('written');
  const read = planned(mount, { kind: 'pread', file: '/f', offset: BLOCK - 600, length: 700 });
  const answer = perform(device, mount.token, read.io);
  const outcome = directOutcome(read, answer.kind === 'bytes' ? answer.bytes : []);
  const whole = callOn(device, mount, { kind: 'pread', file: '/f', offset: BLOCK - 600, length: 700 });
  expect(outcome).toEqual(whole);
  expect(whole.ok && (whole.value as Uint8Array).subarray(88)).toEqual(bytes(612, 7));
  expect(mount.position.tx).toBe(tx);
});

test('FS-44 what needs a block, a size, a hole or a part of a sector waits for the mount', () => {
  const device = makeMemoryDevice(geometries.mini, 1);
  mkfs(device);
  const { mount } = mountDevice(device);
  callOn(device, mount, { kind: 'fallocate', path: '/f', length: BLOCK });
  callOn(device, mount, { kind: 'create', path: '/g' });
  callOn(device, mount, { kind: 'append', file: '/g', bytes: bytes(512, 1) });
  const waits: Call[] = [
    write(BLOCK, bytes(512, 1)),
    write(BLOCK - 512, bytes(1024, 1)),
    write(10, bytes(512, 1)),
    { kind: 'pwrite', file: '/g', offset: 512, bytes: bytes(512, 1) },
    { kind: 'create', path: '/h' },
    { kind: 'pread', file: '/', offset: 0, length: 1 },
  ];
  for (const call of waits) expect(planDirect(mount, call)).toBeNull();
  expect(planDirect(mount, { kind: 'pread', file: '/no', offset: 0, length: 1 })).toEqual({
    ok: false,
    error: 'ENOENT',
  });
  expect(planDirect(mountDevice(device, 'ro').mount, write(0, bytes(512, 1)))).toBeNull();
});

test('FS-44 nobody is in a file that loses its blocks', () => {
  const device = makeMemoryDevice(geometries.mini, 1);
  mkfs(device);
  const { mount } = mountDevice(device);
  callOn(device, mount, { kind: 'fallocate', path: '/f', length: BLOCK });
  callOn(device, mount, { kind: 'fallocate', path: '/g', length: BLOCK });
  const { ino } = planned(mount, write(0, bytes(512, 1)));
  const freeing: Call[] = [
    { kind: 'unlink', path: '/f' },
    { kind: 'rename', from: '/f', to: '/h' },
    { kind: 'truncate', file: '/f', length: 0 },
  ];
  for (const call of freeing) expect(freedBy(mount, call)).toBe(ino);
  expect([freedBy(mount, { kind: 'unlink', path: '/no' }), freedBy(mount, write(0, bytes(1, 1)))]).toEqual([
    -1, -1,
  ]);
  // while it is removed only others are written beside it
  expect(beginCall(mount, 0, { kind: 'unlink', path: '/f' }).kind).not.toBe('done');
  expect(planDirect(mount, write(0, bytes(512, 1)))).toBeNull();
  expect(planned(mount, { kind: 'pwrite', file: '/g', offset: 0, bytes: bytes(512, 1) }).ino).not.toBe(ino);
});
