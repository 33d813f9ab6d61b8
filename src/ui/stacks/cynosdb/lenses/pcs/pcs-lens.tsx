// The PCS lens on screen: the Raft log of the metadata on each of its nodes, and the metadata by version.

import { Tabs } from 'radix-ui';
import { type ReactNode, useMemo, useState } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { defineLens, type LensParts, type LensState } from '../../../../lens/define-lens.tsx';
import { useLensNeed } from '../../../../lens/lens-need.ts';
import { useSpokenTab } from '../../../../lens/spoken-part.ts';
import { ConfigPart } from './config-part.tsx';
import { type Compared, DataPart } from './data-part.tsx';
import { describePcs } from './describe.ts';
import { LogPart } from './log-part.tsx';
import { chiefOf, type PcsModel, projectPcs } from './project.ts';

const loadLegend = async () => (await import('./legend.ts')).pcsLegend;
const none = [] as const;
const tabs = ['log', 'data', 'config'] as const;
type Tab = (typeof tabs)[number];

function usePcs(lens: LensState<PcsModel>): LensParts<PcsModel> | null {
  const t = useT();
  const [tab, setTab] = useSpokenTab(tabs);
  const [chosen, setChosen] = useState<number | null>(null);
  const [compared, setCompared] = useState<Compared>({ node: null, at: null, base: null, isWhole: false });
  const nodes = useFrame((state) => state.nodes);
  const links = useFrame(({ frame }) => frame?.links ?? none);
  const model = useMemo(() => projectPcs(nodes, links), [nodes, links]);
  const member =
    model === null ? null : (model.members.find(({ node }) => node === compared.node) ?? chiefOf(model));
  const { at, base } = compared;
  useLensNeed({ metadata: { node: tab === 'data' ? (member?.node ?? null) : null, at, base } });
  if (model === null || member === null) return null;
  const views: Readonly<Record<Tab, () => ReactNode>> = {
    log: () => (
      <LogPart
        lens={lens}
        model={model}
        chosen={chosen}
        onChoose={setChosen}
        onShow={(index) => {
          setCompared({ ...compared, at: index >= (member.view?.applied ?? 0) ? null : index });
          setTab('data');
        }}
      />
    ),
    data: () => (
      <DataPart
        model={model}
        member={member}
        compared={compared}
        filter={lens.filter}
        onCompare={(change) => setCompared({ ...compared, ...change })}
      />
    ),
    config: () => <ConfigPart model={model} />,
  };
  return {
    keep: () => model,
    description: describePcs(model, t),
    without:
      tab === 'log' ? ['filter'] : tab === 'data' ? ['table', 'frozen'] : ['filter', 'table', 'frozen'],
    body: (
      <Tabs.Root value={tab} onValueChange={setTab}>
        <Tabs.List className="tabs" aria-label={t('lens.pcs')}>
          {tabs.map((each) => (
            <Tabs.Trigger key={each} value={each} className="tab">
              {t(`pcs.${each}Tab`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Content key={each} value={each}>
            {each === tab &&
              (model.isLoaded || tab === 'log' ? views[each]() : <EmptyState>{t('loading')}</EmptyState>)}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    ),
  };
}

export const PcsLens = defineLens<PcsModel>({ legend: loadLegend, useParts: usePcs });
