// The sessions of the console: a tab each, how the one that is written in stands, and scripts that are opened and saved.

import { Hourglass, Plus, ScrollText, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { saveBlob } from '../export/save.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { duration } from '../kit/format.ts';
import { DropMenu } from '../kit/menu.tsx';
import { Select } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { SESSIONS_MAX, sessionName } from '../model/session-name.ts';
import { specText, transcriptText } from './interleaving.ts';
import { readScript } from './script.ts';
import {
  chooseOrder,
  closeScript,
  nextStep,
  openScript,
  takeAll,
  takeStep,
  usePlaying,
} from './script-run.ts';
import { type SessionPlace, type SessionStanding, standingOf } from './session-standing.ts';
import { addSession, type SqlRun, type SqlTarget, sessionOf, sqlStore, useSessions } from './sql-store.ts';
import '../../words/dock/sessions.en.json';

export type TargetOf = (letter: string) => SqlTarget | null;

/** As one picture shows it; compared as text, because a picture is made anew. */
function useStanding(place: SessionPlace | null): SessionStanding | null {
  const text = useFrame(({ frame }) =>
    place === null || frame === null ? 'null' : JSON.stringify(standingOf(frame.nodes, place)),
  );
  return JSON.parse(text) as SessionStanding | null;
}

const placeOf = (target: SqlTarget | null): SessionPlace | null =>
  target === null ? null : { session: sessionOf(target), driver: target.driver };

/** It waits, or has a transaction open. */
export function StandingMark({ place }: { readonly place: SessionPlace | null }): ReactNode {
  const t = useT();
  const standing = useStanding(place);
  const isFailed = standing?.block?.isFailed === true;
  if (standing?.blocked != null)
    return <Hourglass size={12} strokeWidth={2} aria-label={t('sessions.tabWaits')} />;
  if (standing?.block == null) return null;
  const said = t(isFailed ? 'sessions.failed' : 'sessions.tabOpen');
  return (
    <span
      className="session-open"
      role="img"
      aria-label={said}
      title={said}
      data-failed={isFailed || undefined}
    />
  );
}

function SessionTab({
  letter,
  target,
}: {
  readonly letter: string;
  readonly target: SqlTarget | null;
}): ReactNode {
  const t = useT();
  return (
    <Tabs.Trigger value={letter} className="tab session-tab">
      {t('session.name', { letter })}
      <StandingMark place={placeOf(target)} />
    </Tabs.Trigger>
  );
}

interface SessionTabsProps {
  readonly targetOf: TargetOf;
  readonly runs: readonly SqlRun[];
  /** Settings of the session in sight. */
  readonly settings: ReactNode;
  /** Tabs of sessions that are not the console's. */
  readonly others: ReactNode;
}

export function SessionTabs({ targetOf, runs, settings, others }: SessionTabsProps): ReactNode {
  const t = useT();
  const sessions = useSessions();
  return (
    <div className="flex flex-none items-center gap-1 border-b border-line pr-2">
      <Tabs.List className="tabs min-w-0 border-b-0" aria-label={t('sessions.list')}>
        {sessions.map(({ letter }) => (
          <SessionTab key={letter} letter={letter} target={targetOf(letter)} />
        ))}
        {others}
      </Tabs.List>
      {sessions.length < SESSIONS_MAX && (
        <IconButton small icon={Plus} label={t('sessions.add')} onClick={addSession} />
      )}
      <span className="flex-1" />
      {settings}
      <ScriptMenu runs={runs} />
    </div>
  );
}

function ScriptMenu({ runs }: { readonly runs: readonly SqlRun[] }): ReactNode {
  const t = useT();
  const file = useRef<HTMLInputElement>(null);
  const save = (name: string, text: string): void => saveBlob(name, new Blob([text], { type: 'text/plain' }));
  const open = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const read = readScript(chosen.name, await chosen.text());
    if (read.ok) openScript(read.script);
    else showToast({ kind: 'error', text: t('script.bad', { file: chosen.name, error: read.error }) });
  };
  const saveSpec = (): void => {
    const text = specText(runs);
    if (text === null) showToast({ kind: 'error', text: t('script.braces') });
    else save('interleaving.spec', text);
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".spec,text/plain"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('script.open')}
        onChange={({ target }) => {
          void open(target.files?.[0]);
          target.value = '';
        }}
      />
      <DropMenu
        label={t('script.menu')}
        align="end"
        sections={[
          {
            id: 'script',
            entries: [
              { id: 'open', label: t('script.open'), onSelect: () => file.current?.click() },
              { id: 'spec', label: t('script.saveSpec'), disabled: runs.length === 0, onSelect: saveSpec },
              {
                id: 'transcript',
                label: t('script.saveTranscript'),
                disabled: runs.length === 0,
                onSelect: () => save('interleaving.out', transcriptText(runs)),
              },
              {
                id: 'clear',
                label: t('script.clear'),
                disabled: runs.length === 0,
                onSelect: () => sqlStore.setState({ runs: [] }),
              },
            ],
          },
        ]}
        trigger={<IconButton small icon={ScrollText} label={t('script.menu')} />}
      />
    </>
  );
}

/** What the session holds and waits for, in words; nothing where it has no transaction open. */
export const StandingLine = ({ target }: { readonly target: SqlTarget | null }): ReactNode => (
  <StandingWords place={placeOf(target)} />
);

export function StandingWords({ place }: { readonly place: SessionPlace | null }): ReactNode {
  const t = useT();
  const standing = useStanding(place);
  if (standing === null) return null;
  const { block, blocked, node, waitsUs } = standing;
  const said = [
    ...(block === null
      ? []
      : block.isolation === null
        ? [t('sessions.failed')]
        : [
            t('sessions.inTransaction', { time: duration(block.sinceUs), node }),
            block.isolation,
            ...(block.readPoint < 0 ? [] : [t('sessions.snapshot', { lsn: block.readPoint })]),
            ...(block.tx === 0 ? [] : [t('sessions.writes', { tx: block.tx })]),
            ...(block.rowLocks === 0 ? [] : [t('sessions.rowLocks', { count: block.rowLocks })]),
          ]),
    ...(blocked?.holder === undefined
      ? []
      : [
          t('sessions.waitsFor', { holder: sessionName(blocked.holder.session, t) }),
          ...(waitsUs === null ? [] : [t('sessions.waitsSince', { time: duration(waitsUs) })]),
        ]),
  ];
  return said.length === 0 ? null : (
    <p
      className={`flex-none border-b border-line px-3 py-1 text-[12px] ${blocked === null && block?.isFailed !== true ? 'text-muted' : 'text-hole'}`}
    >
      {said.join(' · ')}
    </p>
  );
}

/** A script that is open: its order, the next step, and how far it is. */
export function ScriptBar({ targetOf }: { readonly targetOf: TargetOf }): ReactNode {
  const t = useT();
  const lab = useLab();
  const playing = usePlaying();
  if (playing === null) return null;
  const { script, order, taken, isGoing } = playing;
  const steps = script.orders[order] ?? [];
  const next = nextStep(playing);
  return (
    <section
      className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1 text-[12px]"
      aria-label={t('script.bar', { file: script.file })}
    >
      <b className="mono">{script.file}</b>
      {script.orders.length > 1 && (
        <Select
          label={t('script.order')}
          bare
          disabled={isGoing}
          value={String(order)}
          options={script.orders.map((each, i) => ({
            value: String(i),
            label: t('script.orderOf', {
              number: i + 1,
              steps: each
                .filter(({ name }) => name !== 'setup' && name !== 'teardown')
                .map(({ name }) => name)
                .join(' '),
            }),
          }))}
          onChange={(value) => chooseOrder(Number(value))}
        />
      )}
      <Button
        small
        look="primary"
        disabled={next === null || isGoing}
        onClick={() => void takeStep(lab, targetOf)}
      >
        {t('script.step')}
      </Button>
      <Button
        small
        look="line"
        disabled={next === null || isGoing}
        onClick={() => void takeAll(lab, targetOf)}
      >
        {t('script.all')}
      </Button>
      <span className="text-muted">{t('script.taken', { taken, count: steps.length })}</span>
      {next !== null && (
        <span className="min-w-0 truncate">
          {t('script.next', { name: next.name, letter: next.letter })}{' '}
          <code className="mono" title={next.text}>
            {next.text.replaceAll(/\s+/g, ' ').slice(0, 60)}
          </code>
        </span>
      )}
      <span className="flex-1" />
      <IconButton small icon={X} label={t('script.close')} onClick={closeScript} />
    </section>
  );
}
