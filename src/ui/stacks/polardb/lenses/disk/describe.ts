// The words of the lens "Shared disk": what a block is, how a file lies on the device, and the whole.

import type { Translate } from '../../../../i18n/i18n.ts';
import { type Block, blockName, type DiskModel, type Head, type TreeRow } from './project.ts';
import '../../../../../words/polardb/disk.en.json';

export type BlockClass = 'superblock' | 'internal' | 'wal' | 'base' | 'logindex' | 'other' | 'free';

export const blockClasses: readonly BlockClass[] = [
  'superblock',
  'internal',
  'wal',
  'base',
  'logindex',
  'other',
  'free',
];

export function classOf({ kind, path }: Pick<Block, 'kind' | 'path'>): BlockClass {
  if (kind !== 'file') return kind;
  const [, top = ''] = path.split('/');
  return top === 'wal' || top === 'base' || top === 'logindex' ? top : 'other';
}

export function blockText(chunk: number, block: Block, t: Translate): string {
  const { index, path, blkid, version } = block;
  const what = path === '' ? t(`disk.kind.${classOf(block)}`) : `${path} [${blkid}]`;
  return t('disk.block', { block: `${chunk}:${index}`, what, version: version < 0 ? '–' : version });
}

/** `0:3 › 1:7`, the first ones of a long one. */
export function chainText({ chain }: TreeRow, model: DiskModel): string {
  const shown = chain.slice(0, chainShown).map(({ no }) => blockName(model, no));
  return chain.length === 0 ? '–' : `${shown.join(' › ')}${chain.length > chainShown ? ' …' : ''}`;
}
const chainShown = 8;

/** FS-62: what a reader's next sync will do. */
export function nextSync({ headTx, isWriter }: Head, { leader }: DiskModel, t: Translate): string {
  if (isWriter) return t('disk.head.writer');
  if (headTx >= leader.headTx) return t('disk.head.NONE');
  if (headTx < leader.tailTx) return t('disk.head.RELOAD');
  return t('disk.head.REPLAY', { count: leader.headTx - headTx });
}

export const describeDisk = (model: DiskModel, t: Translate): string =>
  t('disk.described', {
    node: model.node,
    files: model.tree.length,
    chunks: model.chunks.length,
    free: model.chunks.reduce((sum, { free }) => sum + free, 0),
    tail: model.leader.tailTx,
    head: model.leader.headTx,
  });
