// The SQL console: statements go through the driver as a session of its own, each run one action on the tape. "Run to
// my reply" runs at full speed until the answer is there.

import { Database, FastForward, Network, Play, Square } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, EmptyState } from '../kit/button.tsx';
import { DropMenu, type MenuEntry } from '../kit/menu.tsx';
import { Select } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { findLens, useLenses } from '../lens/registry.ts';
import { FIRST_LETTER, sessionName } from '../model/session-name.ts';
import { showLens } from '../model/show-lens.ts';
import { ClientPanels, ClientTabs, isClientTab, tabOf, useClientSessions } from './client-sessions.tsx';
import { DatasetBar } from './dataset-bar.tsx';
import { loadDataset } from './dataset-load.ts';
import { HistorySearch } from './history-search.tsx';
import { metaCommand } from './meta-commands.ts';
import { OrderView } from './order-view.tsx';
import { openScriptFile, runCommand } from './run-written.ts';
import { ScriptBar, SessionTabs, StandingLine, type TargetOf } from './session-bar.tsx';
import { SessionSettings } from './session-settings.tsx';
import { useSchema } from './sql-catalog.ts';
import { datasets } from './sql-datasets.ts';
import { type EditorHandle, SqlEditor } from './sql-editor.tsx';
import { historyStore, NO_RECALL, recall } from './sql-history.ts';
import { explained } from './sql-plan.ts';
import { AskedValue, SqlResult } from './sql-result.tsx';
import {
  changeSession,
  goOn,
  runSql,
  type SqlTarget,
  sessionOf,
  sqlStore,
  sqlTargets,
  useActive,
  useSessions,
  useSqlBusy,
  useSqlRuns,
} from './sql-store.ts';
import { endWatch, useWatching } from './watch.ts';
import './console.css';
import '../../words/dock/sql.en.json';
import '../../words/dock/dock.en.json';

const samples: readonly string[] = [
  'select id, owner, balance from accounts order by id limit 5;',
  'update accounts set balance = balance + 10 where id = 1;',
  'select count(*), sum(balance) from accounts;',
  "create table notes(id int primary key, body text);\ninsert into notes values (1, 'first'), (2, 'second');",
  "select * from notes where body like 'f%';",
  'begin;\nupdate accounts set balance = balance - 5 where id = 1;\nupdate accounts set balance = balance + 5 where id = 2;\ncommit;',
  'select node_id, roles, state, pcs_member from pcs_nodes order by node_id;',
];

const targetKey = ({ driver, volume, reader }: SqlTarget): string => `${driver} ${reader ?? volume}`;

/** The targets that a session may have, and that of each session; a volume that is gone leaves the first. */
function useTargets(): { readonly targets: readonly SqlTarget[]; readonly targetOf: TargetOf } {
  // One text to compare per picture.
  const text = useFrame(({ cluster, nodes }) =>
    cluster === null ? '[]' : JSON.stringify(sqlTargets(cluster, nodes, FIRST_LETTER)),
  );
  const targets = useMemo(() => JSON.parse(text) as readonly SqlTarget[], [text]);
  const sessions = useSessions();
  const targetOf = (letter: string): SqlTarget | null => {
    const chosen = sessions.find((one) => one.letter === letter)?.chosen;
    const found = targets.find((one) => targetKey(one) === chosen) ?? targets[0];
    return found === undefined ? null : { ...found, letter };
  };
  return { targets, targetOf };
}

interface TargetChoiceProps {
  readonly targets: readonly SqlTarget[];
  readonly target: SqlTarget | null;
}

function TargetChoice({ targets, target }: TargetChoiceProps): ReactNode {
  const t = useT();
  if (targets.length < 2 || target === null) return null;
  return (
    <Select
      label={t('sql.target')}
      bare
      value={targetKey(target)}
      options={targets.map((one) => ({
        value: targetKey(one),
        label: t('sql.targetOf', { driver: one.driver, volume: one.reader ?? one.volume }),
      }))}
      onChange={(chosen) => changeSession(target.letter, { chosen })}
    />
  );
}

/** A line of a list, in which a statement has one line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 48);

interface TextsProps {
  readonly editor: RefObject<EditorHandle | null>;
}

/** Sample statements, and those that were run. */
function TextChoices({ editor }: TextsProps): ReactNode {
  const t = useT();
  const texts = useStore(historyStore, (state) => state.texts);
  const choose = (text: string): void => {
    if (text !== '') editor.current?.setText(text);
    editor.current?.focus();
  };
  const choice = (label: string, all: readonly string[]): ReactNode => (
    <Select
      label={label}
      bare
      value=""
      options={[{ value: '', label }, ...all.map((text) => ({ value: text, label: oneLine(text) }))]}
      onChange={choose}
    />
  );
  return (
    <>
      {texts.length > 0 && choice(t('sql.history'), texts.toReversed())}
      {choice(t('sql.samples'), samples)}
    </>
  );
}

function DatasetChoice({
  target,
  busy,
}: {
  readonly target: SqlTarget | null;
  readonly busy: boolean;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const entries: MenuEntry[] = datasets.map((dataset) => ({
    id: dataset.id,
    label: t('dataset.option', { name: t(`dataset.${dataset.id}`), rows: dataset.rows }),
    onSelect: () => {
      if (target !== null) void loadDataset(lab, dataset, target);
    },
  }));
  const file: MenuEntry = {
    id: 'file',
    label: t('dataset.file'),
    onSelect: () => {
      if (target !== null) void openScriptFile(lab, target);
    },
  };
  return (
    <DropMenu
      label={t('dataset.choose')}
      sections={[
        { id: 'datasets', entries },
        { id: 'files', entries: [file] },
      ]}
      trigger={
        <Button
          small
          look="line"
          icon={Database}
          disabled={busy || target === null || target.reader !== null}
        >
          {t('dataset.choose')}
        </Button>
      }
    />
  );
}

/** A statement that is run again and again. */
function WatchLine(): ReactNode {
  const t = useT();
  const watching = useWatching();
  if (watching === null) return null;
  return (
    <p className="flex items-center gap-2 px-3 text-[12px]" role="status">
      {t('sql.watching', { seconds: watching.seconds })}
      <Button small look="line" icon={Square} onClick={endWatch}>
        {t('sql.watchEnd')}
      </Button>
    </p>
  );
}

/** Does it look as if data lines follow a statement? */
const hasData = (text: string): boolean => /\bfrom\s+stdin\b[^;]*;.*\n/i.test(text);

export function SqlConsole(): ReactNode {
  const t = useT();
  const lab = useLab();
  const runs = useSqlRuns();
  const { targets, targetOf } = useTargets();
  const { letter, draft } = useActive();
  const target = targetOf(letter);
  const letters = useSessions().map((one) => one.letter);
  const busy = useSqlBusy(target);
  const editor = useRef<EditorHandle | null>(null);
  const results = useRef<HTMLDivElement>(null);
  const lastRun = runs.at(-1);
  const clients = useClientSessions();
  const [chosenClient, setWatched] = useState<string | null>(null);
  // a client that is gone leaves the session that was written in
  const watched = clients.some((one) => tabOf(one) === chosenClient) ? chosenClient : null;
  const [isWriting, setWriting] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const schema = useSchema(isWriting);
  const recalled = useRef(NO_RECALL);
  const planLens = useLenses().find(({ id }) => id === findLens('plan')?.id) ?? null;

  const onRecall = (step: 1 | -1, current: string): string | null => {
    const found = recall(historyStore.getState().texts, recalled.current, step, current);
    if (found !== null) recalled.current = found.recall;
    return found?.text ?? null;
  };
  /** `shift`: characters that stand before what was written. */
  const start = (text: string, toReply: boolean, shift = 0): void => {
    if (text === '' || busy || target === null) return;
    editor.current?.markError(null);
    recalled.current = NO_RECALL;
    const meta = metaCommand(text);
    endWatch();
    if (meta !== null && meta.kind !== 'statement') {
      const last = runs.findLast((one) => one.target.letter === letter);
      runCommand({ lab, target, written: text, t }, meta, last?.text ?? null);
      return;
    }
    const written = meta === null ? {} : { written: text };
    void runSql(lab, { text: meta?.text ?? text, target, runToReply: toReply, ...written }).then((done) => {
      const error = done.outcome?.result.statements.find((item) => item.kind === 'error');
      if (error !== undefined && error.position !== null)
        editor.current?.markError(
          Math.max(0, [...text].slice(0, error.position - 1).join('').length - shift),
        );
    });
  };

  // Behind COPY FROM STDIN an end of line or a tab may be data.
  const run = (toReply: boolean): void => {
    const text = editor.current?.text() ?? '';
    start(hasData(text) ? text.trimStart() : text.trim(), toReply);
  };
  /** Of the statement that has none yet. */
  const onToReply = async (): Promise<void> => {
    if (target === null) return;
    const { holder } = await goOn(lab, target);
    if (holder !== null)
      showToast({ kind: 'error', text: t('sessions.waitsFor', { holder: sessionName(holder, t) }) });
  };
  const plan = (): void => {
    const written = editor.current?.text() ?? '';
    const text = explained(written);
    if (text === '' || planLens === null) return;
    if (text === null) {
      showToast({ kind: 'error', text: t('sql.planOne') });
      return;
    }
    showLens(planLens.id);
    start(text, false, text.length - written.trim().replace(/(\s*;)+$/, '').length);
  };

  useEffect(() => {
    if (lastRun !== undefined && results.current !== null)
      results.current.scrollTop = results.current.scrollHeight;
  }, [lastRun]);

  return (
    <div className="sql-console">
      <Tabs.Root
        className="sql-statement"
        value={watched ?? letter}
        onValueChange={(chosen) => {
          setWatched(isClientTab(chosen) ? chosen : null);
          if (!isClientTab(chosen)) sqlStore.setState({ active: chosen });
        }}
      >
        <SessionTabs
          targetOf={targetOf}
          runs={runs}
          others={<ClientTabs sessions={clients} />}
          settings={
            <SessionSettings
              isBusy={busy || target === null}
              onRun={(text) => start(text, true)}
              onWrite={(text) => {
                editor.current?.setText(text);
                editor.current?.focus();
              }}
            />
          }
        />
        <ClientPanels sessions={clients} />
        <Tabs.Content value={letter} className="sql-written">
          <ScriptBar targetOf={targetOf} />
          <StandingLine target={target} />
          <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1">
            <Button
              small
              look="primary"
              icon={Play}
              disabled={busy}
              aria-keyshortcuts="Control+Enter"
              onClick={() => run(false)}
            >
              {t('sql.run')}
            </Button>
            <Button
              small
              look="line"
              icon={FastForward}
              onClick={() => (busy ? void onToReply() : run(true))}
            >
              {t(busy ? 'sessions.goOn' : 'sql.runToReply')}
            </Button>
            {planLens !== null && (
              <Button
                small
                look="line"
                icon={Network}
                disabled={busy}
                title={t('sql.planNote')}
                onClick={plan}
              >
                {t('sql.plan')}
              </Button>
            )}
            {busy && target !== null && (
              <Button
                small
                look="danger"
                icon={Square}
                onClick={() => lab.cancelSql(sessionOf(target), target.driver)}
              >
                {t('sql.cancel')}
              </Button>
            )}
            <TargetChoice targets={targets} target={target} />
            <span className="flex-1" />
            <TextChoices editor={editor} />
            <DatasetChoice target={target} busy={busy} />
          </div>
          <WatchLine />
          {isSearching && (
            <HistorySearch
              onTake={(text) => {
                setSearching(false);
                editor.current?.setText(text);
                editor.current?.focus();
              }}
              onLeave={() => {
                setSearching(false);
                editor.current?.focus();
              }}
            />
          )}
          <div className="min-h-0 flex-1 border-t border-line">
            <SqlEditor
              label={t('sql.statement')}
              listLabel={t('sql.completions')}
              hint={t('sql.hint')}
              key={letter}
              initial={draft ?? samples[0] ?? ''}
              handle={editor}
              schema={schema}
              onRun={run}
              onFocus={setWriting}
              onRecall={onRecall}
              onSearch={() => setSearching(true)}
              onLeave={(left) => changeSession(letter, { draft: left })}
            />
          </div>
        </Tabs.Content>
      </Tabs.Root>
      <section ref={results} className="min-w-0 flex-1 overflow-y-auto" aria-label={t('sql.results')}>
        <DatasetBar />
        {letters.length > 1 && runs.length > 0 ? (
          <OrderView runs={runs} letters={letters} />
        ) : runs.length === 0 ? (
          <EmptyState>{t('sql.empty')}</EmptyState>
        ) : (
          runs.map((item) => <SqlResult key={item.id} run={item} />)
        )}
      </section>
      <AskedValue />
    </div>
  );
}
