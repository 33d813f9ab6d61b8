// What the chosen replica knows of its peers, and how old that is (HOLE-26, 30), and the check of its own disk (WAL-39).

import type { ReactNode } from 'react';
import { openHoles, type PeerView, type StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Chip } from '../../../../kit/button.tsx';
import { duration, rangeText } from '../../../../kit/format.ts';
import { Section } from '../../../../lens/section.tsx';
import { pageName } from '../../../../model/page-name.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import '../../../../../words/cynosdb/wal.en.json';
import '../../../../../words/model/request.en.json';

interface FactsProps {
  readonly node: string;
  readonly list: StoreGroupView;
}

const known = (lsn: number): string => (lsn < 0 ? '–' : String(lsn));

function mayText({ ineligible, suspect }: PeerView, t: Translate): string {
  if (ineligible !== null) return t(`peer.${ineligible}`);
  return t(suspect ? 'walPeers.suspect' : 'walPeers.yes');
}

function Peers({ node, list }: FactsProps): ReactNode {
  const t = useT();
  // Who may not be asked matters while there is something to ask for.
  const asks = openHoles(list) > 0;
  const title = t('walPeers.title', { node });
  const received = ({ reportedAgoUs }: PeerView): string =>
    reportedAgoUs === null ? t('walPeers.never') : t('walPeers.ago', { time: duration(reportedAgoUs) });
  return (
    <Section title={title}>
      <DataTable
        rows={list.peers}
        keyOf={({ peer }) => peer}
        attributes={({ peer }) => ({ 'data-hover': hoverKey({ kind: 'node', id: peer }) })}
        columns={[
          [
            t('lens.peer'),
            ({ peer }) => peer,
            ({ ineligible }) => (asks && ineligible !== null ? 'line-through' : ''),
          ],
          ['NCL~', ({ ncl }) => known(ncl), 'n'],
          ['NWL~', ({ nwl }) => known(nwl), 'n'],
          ['PGCL~', ({ pgcl }) => known(pgcl), 'n'],
          [t('walPeers.heard'), received, 'n'],
          [t('walPeers.live'), ({ requests }) => requests, 'n'],
          [t('walPeers.may'), (peer) => (asks ? mayText(peer, t) : '–')],
        ]}
      />
    </Section>
  );
}

function DiskCheck({ node, list }: FactsProps): ReactNode {
  const t = useT();
  if (list.scrub === undefined) return null;
  const { checked, found, repaired, looksAt, left, lost, lostPages, asks } = list.scrub;
  const title = t('walDisk.title', { node });
  const ranges = lost.map(([first, end]) => rangeText(first, end)).join(' ');
  const pages = lostPages
    .map(({ blockKey, lsn }) => `${pageName(blockKey, [], t)} @${lsn}`)
    .join(t('list.comma'));
  return (
    <Section className="px-4 pb-3" title={title}>
      <p className="flex flex-wrap items-center gap-2 text-[12px]">
        <Chip hue={found > repaired ? 'hole' : undefined}>
          {t('walDisk.counts', { checked, found, repaired })}
        </Chip>
        <span className="text-muted">{t('walDisk.now', { part: t(`walDisk.part.${looksAt}`), left })}</span>
        {ranges !== '' && <Chip hue="hole">{t('walDisk.lost', { ranges })}</Chip>}
        {pages !== '' && <Chip hue="hole">{t('walDisk.pages', { pages })}</Chip>}
        {asks !== null && <span>{t('walDisk.asks', { peer: asks })}</span>}
      </p>
    </Section>
  );
}

export function ReplicaFacts(props: FactsProps): ReactNode {
  return (
    <>
      <Peers {...props} />
      <DiskCheck {...props} />
    </>
  );
}
