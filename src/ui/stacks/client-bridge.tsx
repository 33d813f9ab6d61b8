// The clients of PostgreSQL's protocol at a driver of this tab's lab, and how one connects; where no server carries them here, why.

import { Copy, Crosshair } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Time } from '../../base/ids.ts';
import type { BridgeAsked } from '../../lab/pg-bridge.ts';
import { bridgeStore } from '../../state/bridge-store.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { useLab } from '../lab-context.ts';
import { OpenTrace } from '../lens/traces/open-trace.tsx';
import '../../words/stacks/client-bridge.en.json';

const COMMANDS = { start: 'npm start -- --pg', serve: 'npm run serve' };

/** Rows that are shown of many. */
const SHOWN = 20;

/** How a client of each kind is pointed here. */
const stringsFor = (port: number): readonly (readonly [client: string, text: string])[] => [
  ['psql', `psql -h 127.0.0.1 -p ${port} -U postgres lab`],
  ['node-postgres', `postgresql://postgres@127.0.0.1:${port}/lab`],
  ['JDBC', `jdbc:postgresql://127.0.0.1:${port}/lab?user=postgres`],
  ['SQLAlchemy', `postgresql+psycopg2://postgres@127.0.0.1:${port}/lab`],
];

/** Back to its arrival, where its messages leave on the map; or its trace, as that of the console's statements. */
function FollowStatement({ asked: { requestId, askedAt } }: { readonly asked: BridgeAsked }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <div className="my-0.5 flex flex-wrap gap-1">
      <Button small look="line" icon={Crosshair} onClick={() => void lab.seek(askedAt as Time)}>
        {t('bridge.arrival')}
      </Button>
      <OpenTrace asked={{ target: { kind: 'request', request: requestId }, at: askedAt }} />
    </div>
  );
}

export function ClientBridge(): ReactNode {
  const t = useT();
  const bridge = useStore(bridgeStore, (state) => state.bridge);
  if (bridge === null) return <Fact label={t('bridge.connect')}>{t('bridge.absent', COMMANDS)}</Fact>;
  if (bridge.kind === 'connecting') return <Fact label={t('bridge.connect')}>{t('bridge.connecting')}</Fact>;
  if (bridge.kind === 'disconnected')
    return <Fact label={t('bridge.connect')}>{t('bridge.disconnected', { why: bridge.why })}</Fact>;
  const { clients, port } = bridge;
  return (
    <>
      <Fact label={t('bridge.connections')}>
        {clients.length === 0 ? (
          t('bridge.none')
        ) : (
          <ul>
            {clients.slice(0, SHOWN).map(({ id, program, database, activity, statement, asked }) => (
              <li key={id} className="text-[12px]">
                <span className="mono">{program === '' ? t('bridge.unnamed', { id }) : program}</span>
                <span className="text-muted">{` ${database} · ${t(`bridge.${activity}`)}`}</span>
                {statement !== '' && (
                  <div className="mono truncate" title={statement}>
                    {statement}
                  </div>
                )}
                {asked !== null && <FollowStatement asked={asked} />}
              </li>
            ))}
            {clients.length > SHOWN && <li>{t('bridge.more', { count: clients.length - SHOWN })}</li>}
          </ul>
        )}
      </Fact>
      <Fact label={t('bridge.connect')}>
        {stringsFor(port).map(([client, text]) => (
          <div key={client} className="flex items-center gap-1.5 text-[12px]">
            <span className="shrink-0 whitespace-nowrap text-muted">{client}</span>
            <span className="mono min-w-0 flex-1 truncate" title={text}>
              {text}
            </span>
            <IconButton
              icon={Copy}
              small
              label={t('bridge.copy', { client })}
              onClick={() => void writeClipboard(text)}
            />
          </div>
        ))}
      </Fact>
    </>
  );
}
