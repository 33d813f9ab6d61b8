// The first caption that uses a Latin term explains it in Chinese, while it stands.

import { expect, test } from 'vitest';
import { makeGloss } from './gloss.ts';

test('a term is glossed where it is used first, as long as that caption stands, and never again', () => {
  const gloss = makeGloss();
  expect(gloss('VDL 升至 112', 'mark.vdl')).toBe('VDL（卷持久位点） 升至 112');
  expect(gloss('VDL 升至 118', 'mark.vdl')).toBe('VDL（卷持久位点） 升至 118');
  // One at a time: the second name of a caption waits for its turn.
  expect(gloss('VDL 升至 VCL 119', 'mark.vcl')).toBe('VDL 升至 VCL（卷完整位点） 119');
  expect(gloss('VDL 升至 120', 'mark.vdl')).toBe('VDL 升至 120');
});

test('what says its meaning itself is left as it is', () => {
  const gloss = makeGloss();
  expect(gloss('SCL（段完整位点）为 12', 'scl')).toBe('SCL（段完整位点）为 12');
  expect(gloss('存储 store-3 缺 4 条记录', 'hole')).toBe('存储 store-3 缺 4 条记录');
});
