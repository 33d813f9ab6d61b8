// The object store in outline and inspector: archived LSN, log segments, base images and gaps of each volume and group, what
// is damaged or missing, and what restores keep.

import type { ReactNode } from 'react';
import type { ObjectStoreView } from '../../../core/object-store/object-store-view.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { EmptyState } from '../../kit/button.tsx';
import { Fact } from '../../kit/fact.tsx';
import { bytesText, rangeText } from '../../kit/format.ts';
import { objectStoreOf } from '../../model/node-facts.ts';
import { DataTable } from '../../plot/data-table.tsx';
import type { GroupLine, RoleDetails } from '../stack-ui.ts';
import '../../../words/cynosdb/role.en.json';

type Backup = ObjectStoreView['backups'][number];

function Groups({ backup }: { readonly backup: Backup }): ReactNode {
  const t = useT();
  return (
    <DataTable
      label={t('objects.groups', { volume: backup.volume })}
      rows={backup.groups}
      keyOf={({ group }) => group}
      columns={[
        [t('objects.group'), ({ group }) => group],
        [t('objects.to'), ({ archivedTo }) => archivedTo, 'n'],
        [t('objects.segments'), ({ logs }) => logs.length, 'n'],
        [t('objects.bases'), ({ bases }) => bases.length, 'n'],
        [
          t('objects.gaps'),
          ({ gaps }) => gaps.map(({ first, end }) => rangeText(first, end)).join(' ') || '–',
          ({ gaps }) => (gaps.length === 0 ? '' : 'mono text-fence'),
        ],
      ]}
    />
  );
}

function ArchiveTab({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const view = objectStoreOf(node);
  if (view === null) return <EmptyState>{t('objects.none')}</EmptyState>;
  const { objects, bytes, uploads, bad, pinned, backups } = view;
  return (
    <>
      <dl className="facts">
        <Fact label={t('objects.held')}>
          {t('objects.count', { count: objects, bytes: bytesText(bytes) })}
        </Fact>
        <Fact label={t('objects.uploads')}>{uploads}</Fact>
        <Fact label={t('objects.bad')}>{bad.length === 0 ? '–' : bad.join(' ')}</Fact>
        <Fact label={t('objects.pinned')}>
          {pinned.length === 0
            ? '–'
            : pinned.map(({ volume, objects: kept }) => `${volume}: ${kept}`).join(t('list.comma'))}
        </Fact>
      </dl>
      {backups.map((backup) => (
        <section key={backup.volume} aria-label={t('objects.groups', { volume: backup.volume })}>
          <h3 className="heading">{t('objects.groups', { volume: backup.volume })}</h3>
          <dl className="facts">
            <Fact label={t('objects.manifest')}>{backup.version}</Fact>
            <Fact label={t('objects.named')}>{backup.named}</Fact>
            <Fact label={t('objects.newest')}>{backup.newestCommit?.lsn ?? '–'}</Fact>
          </dl>
          <Groups backup={backup} />
        </section>
      ))}
    </>
  );
}

const groupLines = ({ backups }: ObjectStoreView, t: Translate): readonly GroupLine[] =>
  backups.flatMap(({ volume, groups }) =>
    groups.map(({ group, archivedTo, logs, bases, gaps }) => ({
      key: `${volume} ${group}`,
      id: group,
      text: t('tree.backupGroup', {
        ...{ group, volume, lsn: archivedTo },
        ...{ logs: logs.length, bases: bases.length, gaps: gaps.length },
      }),
    })),
  );

export const objectStoreDetails: RoleDetails<ObjectStoreView> = {
  role: 'objectStore',
  words: ({ objects, bytes, bad }, t) => [
    t('tree.objects', { count: objects }),
    bytesText(bytes),
    bad.length === 0 ? null : t('tree.bad', { count: bad.length }),
  ],
  groups: groupLines,
  tabs: [{ tab: 'archive', label: 'inspector.archive', Body: ArchiveTab }],
};
