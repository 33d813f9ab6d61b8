// Sessions of clients that came through the address, in the same list as the console's own: who it is, its state and statement, how old its
// transaction is, and for whom it waits. They are looked at only: what they ask is their clients' affair.

import { Plug } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { bridgeStore } from '../../state/bridge-store.ts';
import { useFrame } from '../../state/frame-store.ts';
import { viewsIn } from '../../state/role-views.ts';
import { useT } from '../i18n/i18n.ts';
import { Fact } from '../kit/fact.tsx';
import { openTransactions } from '../model/open-transactions.ts';
import { clientName, clientOf } from '../model/session-name.ts';
import { StandingMark, StandingWords } from './session-bar.tsx';
import { type SessionPlace, standingOf } from './session-standing.ts';
import '../../words/dock/sessions.en.json';
import '../../words/stacks/client-bridge.en.json';

export interface ClientSession extends SessionPlace {
  /** Number of its connection. */
  readonly id: number;
}

/** By what pictures show of clients, and by those that are connected (`connected`), which may have asked nothing yet. */
export function clientSessions(
  frame: Pick<WorldFrame, 'nodes'>,
  connected: readonly SessionPlace[],
): readonly ClientSession[] {
  const asking = viewsIn(frame, 'driver').flatMap(({ node: driver, view }) =>
    view.waiting.map(({ session }) => ({ session, driver })),
  );
  const open = openTransactions(frame.nodes).map(({ session, driver }) => ({ session, driver }));
  const known = new Map<string, ClientSession>();
  for (const { session, driver } of [...connected, ...asking, ...open]) {
    const id = clientOf(session);
    if (id !== null) known.set(`${driver} ${session}`, { session, driver, id });
  }
  return [...known.values()].toSorted((a, b) => a.id - b.id);
}

export function useClientSessions(): readonly ClientSession[] {
  const bridge = useStore(bridgeStore, (state) => state.bridge);
  const connected =
    bridge?.kind === 'connected'
      ? bridge.clients.flatMap(({ place }) => (place === null ? [] : [place]))
      : [];
  // one text to compare per picture
  const text = useFrame(({ frame }) =>
    JSON.stringify(clientSessions({ nodes: frame?.nodes ?? [] }, connected)),
  );
  return JSON.parse(text) as readonly ClientSession[];
}

const PREFIX = 'client:';
/** The tab of a client's session: a part of an id, which has no blanks. */
export const tabOf = ({ driver, session }: SessionPlace): string => `${PREFIX}${driver}:${session}`;
export const isClientTab = (tab: string): boolean => tab.startsWith(PREFIX);

export function ClientTabs({ sessions }: { readonly sessions: readonly ClientSession[] }): ReactNode {
  const t = useT();
  return sessions.map((one) => (
    <Tabs.Trigger
      key={tabOf(one)}
      value={tabOf(one)}
      className="tab session-tab"
      title={t('sessions.ofClient')}
    >
      <Plug size={12} strokeWidth={2} aria-hidden="true" />
      {clientName(one.id, t)}
      <StandingMark place={one} />
    </Tabs.Trigger>
  ));
}

function ClientFacts({ session }: { readonly session: ClientSession }): ReactNode {
  const t = useT();
  const bridge = useStore(bridgeStore, (state) => state.bridge);
  const client =
    bridge?.kind === 'connected' ? bridge.clients.find(({ id }) => id === session.id) : undefined;
  const seen = useFrame(({ frame }) => {
    const nodes = frame?.nodes ?? [];
    const standing = standingOf(nodes, session);
    const asked = viewsIn({ nodes }, 'driver')
      .find(({ node }) => node === session.driver)
      ?.view.waiting.find((one) => one.session === session.session);
    return JSON.stringify([asked?.text ?? '', standing !== null]);
  });
  const [asked, isOpen] = JSON.parse(seen) as [string, boolean];
  const statement = asked === '' ? (client?.statement ?? '') : asked;
  const activity = asked !== '' ? 'asking' : (client?.activity ?? (isOpen ? 'inTransaction' : 'idle'));
  return (
    <dl className="facts px-3 py-2">
      <Fact label={t('sessions.who')}>
        {clientName(session.id, t)}
        <span className="text-muted">
          {` ${client === undefined ? '' : `${client.database} · `}${session.driver}`}
        </span>
      </Fact>
      <Fact label={t('sessions.state')}>{t(`bridge.${activity}`)}</Fact>
      <Fact label={t('sessions.statement')}>
        <code className="mono break-words">{statement === '' ? '–' : statement}</code>
      </Fact>
    </dl>
  );
}

export function ClientPanels({ sessions }: { readonly sessions: readonly ClientSession[] }): ReactNode {
  return sessions.map((one) => (
    <Tabs.Content key={tabOf(one)} value={tabOf(one)} className="sql-written">
      <StandingWords place={one} />
      <ClientFacts session={one} />
    </Tabs.Content>
  ));
}
