// The inspector: one frame for a node, a link or a message; tabs Summary, State, Links, Faults for what they apply to.

import { Crosshair, Database, Hash, Package, Spline, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFrame, useLink, useNode } from '../../state/frame-store.ts';
import {
  clearSelection,
  type InspectorTab,
  type Subject,
  selectionStore,
  useSelection,
} from '../../state/selection-store.ts';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { flightName } from '../glyphs/flight-text.ts';
import { Glyph } from '../glyphs/glyph.tsx';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { Chip, EmptyState, IconButton } from '../kit/button.tsx';
import { groupDigits } from '../kit/format.ts';
import { linkStateText } from '../model/link-words.ts';
import { bootEpochOf, healthOf, healthText } from '../model/node-facts.ts';
import { PartInstant } from '../model/part-instant.tsx';
import { detailsOf, roleIcon } from '../model/role-cards.ts';
import { SelectionCrumbs } from '../selection/crumbs.tsx';
import { ConfigTab } from './config-tab.tsx';
import { LinkFacts } from './link-facts.tsx';
import { LsnFacts } from './lsn-facts.tsx';
import { MessageFacts } from './message-facts.tsx';
import { NodeDisk } from './node-disk.tsx';
import { NodeDirections } from './node-links.tsx';
import { NodeLog } from './node-log.tsx';
import { NodeOverview } from './node-overview.tsx';
import { NodeSummary } from './node-summary.tsx';
import { NodeTrace } from './node-trace.tsx';
import { RawTab } from './raw-tab.tsx';
import { StateTree } from './state-tree.tsx';
import { isListed } from './subject-facts.ts';
import { SubjectRaw, SubjectSummary, useSubjectFacts } from './subject-inspector.tsx';
import '../../words/inspector.en.json';

interface HeadProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
}

function Head({ icon, title, children }: HeadProps): ReactNode {
  const t = useT();
  return (
    <div className="panel-head">
      {icon}
      <h2 className="panel-title truncate">{title}</h2>
      {children}
      <PartInstant />
      <span className="flex-1" />
      <SelectionCrumbs />
      <IconButton small icon={X} label={t('inspector.clear')} onClick={clearSelection} />
    </div>
  );
}

interface PaneProps {
  readonly tabs: readonly {
    readonly tab: InspectorTab;
    readonly label: PlainKey;
    readonly body: ReactNode;
  }[];
}

function Panes({ tabs }: PaneProps): ReactNode {
  const t = useT();
  const wanted = useSelection((state) => state.tab);
  const tab = tabs.some((known) => known.tab === wanted) ? wanted : (tabs[0]?.tab ?? 'summary');
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        const chosen = tabs.find((known) => known.tab === value);
        if (chosen !== undefined) selectionStore.setState({ tab: chosen.tab });
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Tabs.List className="tabs" aria-label={t('inspector.title')}>
        {tabs.map((known) => (
          <Tabs.Trigger key={known.tab} value={known.tab} className="tab">
            {t(known.label)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map((known) => (
        <Tabs.Content
          key={known.tab}
          value={known.tab}
          className="min-h-0 flex-1 overflow-y-auto px-4 py-3.5"
        >
          {known.body}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

function NodeInspector({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const node = useNode(id);
  if (node === undefined) return <EmptyState>{t('inspector.gone', { name: id })}</EmptyState>;
  const Icon = roleIcon(node);
  const health = healthOf(node);
  const subject: Subject = { kind: 'node', id };
  return (
    <>
      <Head icon={<Icon size={20} strokeWidth={1.75} aria-hidden="true" />} title={id}>
        <Chip hue={health === 'up' ? 'ack' : 'fence'}>{healthText(health, t)}</Chip>
        <Chip>{t('inspector.zone', { zone: node.zone })}</Chip>
        {bootEpochOf(node) !== null && <Chip>{t('card.boot', { epoch: bootEpochOf(node) ?? 0 })}</Chip>}
      </Head>
      <Panes
        tabs={[
          { tab: 'summary', label: 'inspector.summary', body: <NodeSummary node={node} /> },
          { tab: 'state', label: 'inspector.state', body: <StateTree key={id} node={node} /> },
          { tab: 'log', label: 'inspector.log', body: <NodeLog node={node} /> },
          { tab: 'disk', label: 'inspector.disk', body: <NodeDisk node={node} /> },
          ...detailsOf(node).flatMap(({ tabs = [] }) =>
            tabs.map(({ tab, label, Body }) => ({ tab, label, body: <Body node={node} /> })),
          ),
          { tab: 'links', label: 'inspector.links', body: <NodeDirections id={id} /> },
          { tab: 'config', label: 'inspector.config', body: <ConfigTab /> },
          { tab: 'faults', label: 'inspector.faults', body: <FaultButtons subject={subject} /> },
          { tab: 'trace', label: 'inspector.trace', body: <NodeTrace id={id} /> },
          { tab: 'raw', label: 'inspector.raw', body: <RawTab name={id} value={node} /> },
        ]}
      />
    </>
  );
}

function LinkInspector({ a, b }: { readonly a: string; readonly b: string }): ReactNode {
  const t = useT();
  const pair = useLink(`${a}|${b}`);
  if (pair === undefined) return <EmptyState>{t('inspector.gone', { name: `${a}–${b}` })}</EmptyState>;
  return (
    <>
      <Head icon={<Spline size={20} strokeWidth={1.75} aria-hidden="true" />} title={`${a}–${b}`}>
        <Chip hue={linkStateText(pair, t) === t('link.normal') ? 'ack' : 'hole'}>
          {linkStateText(pair, t)}
        </Chip>
      </Head>
      <Panes
        tabs={[
          { tab: 'summary', label: 'inspector.summary', body: <LinkFacts pair={pair} /> },
          {
            tab: 'faults',
            label: 'inspector.faults',
            body: <FaultButtons subject={{ kind: 'link', a, b }} />,
          },
          { tab: 'raw', label: 'inspector.raw', body: <RawTab name={`${a}–${b}`} value={pair} /> },
        ]}
      />
    </>
  );
}

function MessageInspector({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const flight = useFrame(({ frame }) => frame?.flights.find((known) => known.id === id));
  if (flight === undefined)
    return (
      <>
        <Head icon={<Package size={20} strokeWidth={1.75} aria-hidden="true" />} title={id} />
        <EmptyState>{t('inspector.arrived', { name: id })}</EmptyState>
      </>
    );
  return (
    <>
      <Head icon={<Glyph family={flight.label.family} />} title={flightName(flight, t('flight.to'))} />
      <Panes
        tabs={[
          { tab: 'summary', label: 'inspector.summary', body: <MessageFacts flight={flight} /> },
          {
            tab: 'faults',
            label: 'inspector.faults',
            body: <FaultButtons subject={{ kind: 'message', id }} />,
          },
          { tab: 'raw', label: 'inspector.raw', body: <RawTab name={id} value={flight} /> },
        ]}
      />
    </>
  );
}

function LsnInspector({ lsn }: { readonly lsn: number }): ReactNode {
  const t = useT();
  return (
    <>
      <Head
        icon={<Hash size={20} strokeWidth={1.75} aria-hidden="true" />}
        title={t('lsn.title', { lsn: groupDigits(lsn) })}
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <LsnFacts lsn={lsn} />
      </div>
    </>
  );
}

function FactsInspector({ subject }: { readonly subject: Subject }): ReactNode {
  const t = useT();
  const found = useSubjectFacts(subject);
  const icon = <Crosshair size={20} strokeWidth={1.75} aria-hidden="true" />;
  if (found === null)
    return (
      <>
        <Head icon={icon} title={t('inspector.title')} />
        <EmptyState>{t('about.gone')}</EmptyState>
      </>
    );
  return (
    <>
      <Head icon={icon} title={found.title} />
      <Panes
        tabs={[
          {
            tab: 'summary',
            label: 'inspector.summary',
            body: <SubjectSummary subject={subject} found={found} />,
          },
          { tab: 'raw', label: 'inspector.raw', body: <SubjectRaw found={found} /> },
        ]}
      />
    </>
  );
}

export function Inspector(): ReactNode {
  const t = useT();
  const subject = useSelection((state) => state.subject);
  return (
    <section
      aria-label={t('inspector.title')}
      className="flex h-full min-h-0 flex-col"
      data-region="inspector"
    >
      {subject === null && (
        <>
          <div className="panel-head">
            <Database size={20} strokeWidth={1.75} aria-hidden="true" />
            <h2 className="panel-title">{t('inspector.title')}</h2>
            <span className="flex-1" />
            <SelectionCrumbs />
          </div>
          <NodeOverview />
        </>
      )}
      {subject?.kind === 'node' && <NodeInspector id={subject.id} />}
      {subject?.kind === 'link' && <LinkInspector a={subject.a} b={subject.b} />}
      {subject?.kind === 'message' && <MessageInspector id={subject.id} />}
      {subject?.kind === 'lsn' && <LsnInspector lsn={subject.lsn} />}
      {subject !== null && isListed(subject) && <FactsInspector subject={subject} />}
    </section>
  );
}
