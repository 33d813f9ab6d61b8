// The driver in outline, inspector and point of view: its statements in flight, the writer and the shard map it goes by.

import type { ReactNode } from 'react';
import type { DriverView } from '../../../core/client/driver-view.ts';
import { useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { duration } from '../../kit/format.ts';
import { belief } from '../../model/knowledge.ts';
import { computeOf, metaOf } from '../../model/node-facts.ts';
import { sessionName } from '../../model/session-name.ts';
import { ClientBridge } from '../client-bridge.tsx';
import { OpenTransactions } from '../open-transactions.tsx';
import type { RoleDetails } from '../stack-ui.ts';
import '../../../words/cynosdb/role.en.json';
import '../../../words/model/summary.en.json';

function Summary({ view, node }: { readonly view: DriverView; readonly node: string }): ReactNode {
  const t = useT();
  return (
    <dl className="facts">
      <Fact label={t('summary.inFlight')}>{view.inFlight}</Fact>
      <Fact label={t('summary.retrying')}>{view.retrying}</Fact>
      <Fact label={t('card.writer')}>{view.writer ?? '–'}</Fact>
      <Fact label={t('summary.waitingFor')}>
        {view.waiting.length === 0
          ? t('summary.nothing')
          : view.waiting.slice(0, 6).map((statement) => (
              <div key={statement.session} className="mono text-[12px]">
                {sessionName(statement.session, t)} <span>{statement.text.slice(0, 80)}</span>{' '}
                <span className="text-muted">{duration(statement.sinceUs)}</span>
              </div>
            ))}
      </Fact>
      <OpenTransactions of={node} />
      {view.errors.length > 0 && (
        <Fact label={t('driver.errors')}>
          {view.errors.map(({ session, sqlstate, message, agoUs }) => (
            <div key={`${session} ${agoUs}`} className="mono text-[12px]">
              {sessionName(session, t)} <span>{`${sqlstate} ${message}`}</span>{' '}
              <span className="text-muted">{t('card.ago', { time: duration(agoUs) })}</span>
            </div>
          ))}
        </Fact>
      )}
      <ClientBridge />
    </dl>
  );
}

export const driverDetails: RoleDetails<DriverView> = {
  role: 'driver',
  words: ({ clients, ok, refused, failed, unknown, ...view }, t) => [
    t('tree.clients', { count: clients }),
    t('tree.outcomes', { ok, refused, failed, unknown }),
    t('tree.statements', { inFlight: view.inFlight, retrying: view.retrying }),
    t('tree.map', { version: view.mapVersion }),
  ],
  Summary,
  beliefs(view, other) {
    const writer = computeOf(other);
    const meta = metaOf(other);
    const isWriter = view.writer === other.id ? 'yes' : 'no';
    return [
      ...(writer === null ? [] : [belief('writer', isWriter, writer.state === 'open' ? 'yes' : 'no')]),
      ...(meta === null ? [] : [belief('map', view.mapVersion, meta.mapVersion)]),
    ];
  },
};
