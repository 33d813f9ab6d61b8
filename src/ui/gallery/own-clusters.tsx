// Clusters of one's own in the gallery: a new one, the one that runs made one's own, and those that are saved in this browser.

import { Pencil, Plus, Trash2, Wrench } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { goTo } from '../../state/route-store.ts';
import { readSavedClusters, removeCluster, savedClusters } from '../../state/saved-clusters.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import '../../words/cluster-entry.en.json';

export function OwnClusters({ query }: { readonly query: string }): ReactNode {
  const t = useT();
  const list = useStore(savedClusters, (state) => state.list);
  useEffect(() => {
    // where the browser keeps nothing there is nothing to show
    void readSavedClusters().catch(() => savedClusters.setState({ list: [] }));
  }, []);
  const shown = (list ?? []).filter(({ name }) => name.includes(query.toLowerCase()));
  return (
    <section aria-labelledby="gallery-own">
      <h2 id="gallery-own">{t('cluster.mine')}</h2>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" icon={Plus} onClick={() => goTo('cluster/new')}>
          {t('cluster.new')}
        </Button>
        <Button look="line" icon={Wrench} onClick={() => goTo('cluster/mine')}>
          {t('cluster.makeMine')}
        </Button>
      </div>
      {list?.length === 0 && <p className="mt-2 text-muted">{t('cluster.mine.none')}</p>}
      <ul className="mt-3 flex flex-wrap gap-2">
        {shown.map(({ name, architecture }) => (
          <li key={name} className="flex items-center gap-1">
            <Button
              look="line"
              icon={Pencil}
              aria-label={t('cluster.edit', { name })}
              onClick={() => goTo(`cluster/saved/${name}`)}
            >
              <span className="mono">{name}</span>
              <small className="text-muted">{translateLoose(`strip.${architecture}`, {})}</small>
            </Button>
            <IconButton
              icon={Trash2}
              label={t('cluster.remove', { name })}
              onClick={() => void removeCluster(name)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
