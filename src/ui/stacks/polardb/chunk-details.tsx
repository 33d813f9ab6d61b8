// A chunk server in outline, inspector and point of view: its replica of each chunk (docs/spec/polarfs.md §7).

import type { ReactNode } from 'react';
import type { ChunkView } from '../../../core/chunk/trace-events.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import type { RoleDetails } from '../stack-ui.ts';
import '../../../words/polardb/role.en.json';

const line = (chunk: ChunkView['chunks'][number], t: Translate): string =>
  t('polar.tree.chunk', {
    group: chunk.group,
    role: t(chunk.isLeader ? 'polar.tree.leader' : 'polar.tree.follower'),
    term: chunk.term,
    applied: chunk.applied,
    commit: chunk.commit,
    token: chunk.maxToken,
    written: chunk.written,
  });

function Summary({ view }: { readonly view: ChunkView }): ReactNode {
  const t = useT();
  return (
    <dl className="facts">
      {view.chunks.map((chunk) => (
        <Fact key={chunk.group} label={chunk.group}>
          {line(chunk, t)}
        </Fact>
      ))}
    </dl>
  );
}

export const chunkDetails: RoleDetails<ChunkView> = {
  role: 'chunk',
  words: ({ chunks }, t) => [t('chunk.leads', { count: chunks.filter(({ isLeader }) => isLeader).length })],
  groups: ({ chunks }, t) =>
    chunks.map((chunk) => ({ key: chunk.group, id: chunk.group, text: line(chunk, t) })),
  Summary,
};
