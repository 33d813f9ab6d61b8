// A chunk server without a replica of anything is not called whole.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ChunkView } from '../../../core/chunk/trace-events.ts';
import { t } from '../../i18n/i18n.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { ChunkChip } from './card-parts.tsx';

test('a chunk server without a replica says so', () => {
  const [node] = makeHookFrame().nodes;
  if (node === undefined) throw new Error('no node');
  const view: ChunkView = { role: 'chunk', bootEpoch: 1, chunks: [] } as unknown as ChunkView;
  expect(renderToStaticMarkup(<ChunkChip node={node} view={view} t={t} />)).toContain('no replica');
});
