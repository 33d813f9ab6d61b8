// Command sources of the palette: everything a person can do or go to, gathered from the tables that the rest of the
// screen is made of: keys, lenses, faults with their targets, nodes, links, messages, presets, terms. A new table is
// one more source here.

import type { Lab } from '../../lab/api.ts';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { printAction } from '../../sim/tape-print.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { tapes } from '../../stacks/tapes.ts';
import { breakpointOf } from '../../state/breakpoint.ts';
import { hasBackup } from '../../state/role-views.ts';
import { goTo } from '../../state/route-store.ts';
import {
  select,
  selectedPage,
  selectionStore,
  selectLink,
  selectLsn,
  selectMessage,
  selectNode,
  setPanel,
} from '../../state/selection-store.ts';
import { type DockTab, setSettings, settingsStore } from '../../state/settings-store.ts';
import { setStepSize, stepSizes } from '../../state/step-size.ts';
import { downloadRun, downloadTape } from '../dialogs/download.ts';
import { doAction } from '../faults/do-action.ts';
import { doFault } from '../faults/do-fault.ts';
import { faultLabel, faultNote } from '../faults/fault-label.ts';
import type { MenuSubject } from '../faults/menu-store.ts';
import { entriesFor, type FaultContext, type FaultEntry, faultSubjects, timed } from '../faults/registry.ts';
import { flightName, isHeartbeat } from '../glyphs/flight-text.ts';
import { currentLanguage, type PlainKey, setLanguage, type Translate, textInBoth } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { lensesNow } from '../lens/registry.ts';
import { showPicture } from '../lens/show-picture.ts';
import { endFollowing, followedPage, followPage } from '../model/followed-page.ts';
import { metaOf } from '../model/node-facts.ts';
import type { PictureEntry } from '../model/picture-entry.ts';
import { presetLine } from '../model/run-tables.ts';
import { showLens } from '../model/show-lens.ts';
import { headOf, terms } from '../rules/terms.ts';
import { subjectText } from '../selection/subject-text.ts';
import { stackTables } from '../stacks/tables.ts';
import { usualEnds } from '../story/run-until-ends.ts';
import { goToEvent } from '../time/go-to-event.ts';
import type { Command, CommandSource } from './command.ts';
import { fullName, type KnownPage } from './known-pages.ts';
import { shortcuts, shortcutText } from './shortcuts.ts';
import '../../words/cluster-entry.en.json';
import '../../words/compare.en.json';
import '../../words/speed.en.json';
import '../../words/present.en.json';
import '../../words/record.en.json';
import '../../words/story/alert.en.json';
import '../../words/commands/keys.en.json';

const inspect = (): void => setSettings({ rightTab: 'inspector', rightOpen: true });

const keySource: CommandSource = ({ lab, t }) =>
  shortcuts
    .filter(({ label }) => label !== 'keys.palette' && label !== 'keys.lens')
    .map((shortcut) => ({
      id: `key ${shortcut.label}`,
      group: 'action' as const,
      label: t(shortcut.label),
      keywords: textInBoth(shortcut.label),
      keys: shortcutText(shortcut, settingsStore.getState()) ?? undefined,
      run: () =>
        shortcut.run(
          lab,
          new KeyboardEvent('keydown', { key: shortcut.keys[0] ?? '' }),
          breakpointOf(window.innerWidth),
        ),
    }));

/** Those that a lens of this run draws: a stack that shares another's lenses has their pictures, too. */
const pictureSource: CommandSource = () => {
  const lenses = new Set(lensesNow().map(({ id }) => id));
  const shown = new Map<string, PictureEntry>();
  for (const picture of stackTables.flatMap(({ pictures = [] }) => pictures)) {
    const key = `${picture.lens} ${picture.part}`;
    if (lenses.has(picture.lens) && !shown.has(key)) shown.set(key, picture);
  }
  return [...shown].map(([key, picture]) => ({
    id: `picture ${key}`,
    group: 'lens' as const,
    label: currentLanguage() === 'zh-CN' ? picture.zh : picture.en,
    keywords: [picture.en, picture.zh],
    run: () => showPicture(picture),
  }));
};

const lensSource: CommandSource = ({ t }) =>
  lensesNow().map(({ id, title, digit }) => ({
    id: `lens ${id}`,
    group: 'lens' as const,
    label: t('palette.lens', { name: t(title) }),
    keywords: textInBoth(title),
    keys: digit,
    run: () => showLens(id),
  }));

/** What a menu or the toolbar offers under this name. */
const action = (id: string, key: PlainKey, t: Translate, run: () => void): Command => ({
  id,
  group: 'action',
  label: t(key),
  keywords: textInBoth(key),
  run,
});

/** Loaded when somebody asks: few do. */
async function wrongNow(lab: Lab): Promise<void> {
  const { copyScreen } = await import('../story/copy-screen.ts');
  await copyScreen(lab);
}

const docks: readonly DockTab[] = ['timeline', 'events', 'sql', 'metrics', 'inFlight', 'tape', 'workload'];

const viewSource: CommandSource = ({ lab, t }) => [
  ...docks.map((tab) => ({
    id: `dock ${tab}`,
    group: 'lens' as const,
    label: t('palette.dock', { name: t(`dock.${tab}`) }),
    keywords: textInBoth(`dock.${tab}`),
    run: () => setSettings({ dockTab: tab, dockOpen: true }),
  })),
  ...(['light', 'dark', 'system'] as const).map((theme) => ({
    id: `theme ${theme}`,
    group: 'action' as const,
    label: t('palette.theme', { name: t(`theme.${theme}`) }),
    keywords: [theme],
    run: () => setSettings({ theme }),
  })),
  ...(['en', 'zh-CN'] as const).map((language) => ({
    id: `language ${language}`,
    group: 'action' as const,
    label: language === 'en' ? 'English' : '中文',
    keywords: [language, 'language', '语言'],
    run: () => {
      void setLanguage(language);
      setSettings({ language });
    },
  })),
  ...stepSizes.map((size) => ({
    id: `step ${size}`,
    group: 'action' as const,
    label: t('palette.step', { name: t(`step.${size}`) }),
    keywords: [...textInBoth('toolbar.stepSize'), ...textInBoth(`step.${size}`)],
    run: () => setStepSize(size),
  })),
  action('skipQuiet true', 'palette.skipOn', t, () => lab.setSkipQuiet(true)),
  action('skipQuiet false', 'palette.skipOff', t, () => lab.setSkipQuiet(false)),
  action('share', 'toolbar.share', t, () => setPanel({ kind: 'share' })),
  action('wrong', 'wrong.all', t, () => void wrongNow(lab)),
  action('import', 'menu.import', t, () => setPanel({ kind: 'import' })),
  action('export', 'menu.export', t, () => void downloadTape(lab)),
  action('export trace', 'menu.exportTrace', t, () => void downloadRun(lab, 'trace')),
  action('export edn', 'menu.exportEdn', t, () => void downloadRun(lab, 'edn')),
  action('export history', 'menu.exportHistory', t, () => void downloadRun(lab, 'history')),
  action('newCluster', 'cluster.new', t, () => goTo('cluster/new')),
  action('makeMine', 'cluster.makeMine', t, () => goTo('cluster/mine')),
  action('compare', 'compare.title', t, () => goTo('compare')),
  action('speed', 'speed.title', t, () => goTo('speed')),
  action('record', 'record.title', t, () => setPanel({ kind: 'record', of: 'map' })),
  action('present', 'present.title', t, () => goTo('present')),
  action('settings', 'settings.title', t, () => setPanel({ kind: 'settings' })),
  action('forget', 'menu.forget', t, () => setPanel({ kind: 'forget' })),
];

const presetSource: CommandSource = ({ lab, t, frame }) =>
  offeredPresets.map((preset) => ({
    id: `preset ${preset}`,
    group: 'run' as const,
    label: t('palette.preset', { name: preset }),
    note: presetLine(preset) ?? '',
    run: () => void lab.startRun({ preset, seed: frame?.seed ?? 7 }),
  }));

const lessonSource: CommandSource = ({ t }) => [
  ...lessonEntries.map(({ id, title }) => ({
    id: `lesson ${id}`,
    group: 'run' as const,
    label: t('palette.lesson', { name: `${id} ${currentLanguage() === 'zh-CN' ? title.zh : title.en}` }),
    keywords: [id, title.en, title.zh],
    run: () => goTo(`lessons/${id}`),
  })),
  { ...action('rulesOff', 'menu.rulesOff', t, () => setPanel({ kind: 'rulesOff' })), group: 'run' },
];

/** Goes to something, with the inspector open on it. */
const place = (
  t: Translate,
  id: string,
  name: string,
  show: () => void,
  keywords: readonly string[] = [],
): Command => ({
  id,
  group: 'place',
  label: t('palette.go', { name }),
  keywords: ['go to', '转到', ...keywords],
  run: () => {
    show();
    inspect();
  },
});

/** Every page by its name and its id, as far as they are known. */
const pageSource: CommandSource = ({ t, pages }) =>
  pages.map(({ group, blockKey, name, where }) =>
    place(
      t,
      `page ${group} ${blockKey}`,
      where === '' ? t('palette.pageAlone', { page: name }) : t('palette.page', { page: name, group: where }),
      () => select({ kind: 'page', group, blockKey }),
      [name, where, `page ${blockKey}`, String(blockKey)],
    ),
  );

/** Groups, and the event of the number that was typed. */
const objectSource: CommandSource = ({ lab, t, frame, event }) => {
  if (frame === null) return [];
  const objects = frame.cluster.groups.map(({ id }) =>
    place(t, `group ${id}`, t('palette.group', { group: id }), () => select({ kind: 'group', id }), [id]),
  );
  if (event === null || event >= frame.traced) return objects;
  const found: Command = {
    id: 'event',
    group: 'place',
    label: t('palette.event', { index: groupDigits(event) }),
    keywords: [`event ${event}`, `ev ${event}`, `事件 ${event}`, String(event)],
    run: () => {
      void goToEvent(lab, event).then((listed) => {
        if (listed !== null) select({ kind: 'event', listed });
      });
      setSettings({ dockTab: 'events', dockOpen: true });
      inspect();
    },
  };
  return [found, ...objects];
};

const placeSource: CommandSource = ({ t, frame, lsn }) => {
  if (frame === null) return [];
  const typed =
    lsn === null
      ? []
      : [
          place(t, 'lsn', `LSN ${groupDigits(lsn)}`, () => selectLsn(lsn), [
            `lsn ${lsn}`,
            `lsn${lsn}`,
            String(lsn),
          ]),
        ];
  const flights = frame.flights.filter((one) => !isHeartbeat(one));
  const links = frame.links.filter(({ from, to }) => from < to);
  return [
    ...typed,
    ...frame.nodes.map(({ id }) => place(t, `node ${id}`, id, () => selectNode(id))),
    ...flights.map((flight) => {
      const name = flightName(flight, t('flight.to'));
      return place(t, `message ${flight.id}`, name, () => selectMessage(flight.id), [flight.id]);
    }),
    ...links.map(({ from, to }) =>
      place(t, `link ${from}|${to}`, `${from}–${to}`, () => selectLink(from, to)),
    ),
  ];
};

/** One for each line, or the list would keep lines of an earlier search: zones have no name, a copy has its message's. */
export const faultCommandId = (entry: FaultEntry, subject: MenuSubject, name: string): string =>
  `fault ${entry.id} ${subject.kind === 'message' || subject.kind === 'zone' ? subject.id : name}`;

/** What can be done to something, and to the pages that are meant by what was typed. */
const faultSource: CommandSource = ({ lab, t, frame, asked }) => {
  if (frame === null) return [];
  const subjects = faultSubjects(frame);
  const isPage = ({ group, blockKey }: KnownPage, subject: MenuSubject): boolean =>
    subject.kind === 'page' && subject.group === group && subject.blockKey === blockKey;
  const typed = asked
    .filter((page) => !subjects.some((subject) => isPage(page, subject)))
    .map(({ group, blockKey }) => ({ kind: 'page' as const, group, blockKey, node: null }));
  return [...subjects, ...typed].flatMap((subject) => {
    const context: FaultContext = { frame, subject, selection: selectionStore.getState().nodes };
    const page = asked.find((one) => isPage(one, subject));
    const name = page === undefined ? subjectText(subject, frame, t) : fullName(page);
    return (
      entriesFor(context)
        // what an operator may order is found also where it is refused now, and says why
        .filter((entry) => entry.enabled(context) || entry.refusal !== undefined)
        .map((entry): Command => {
          const effect = entry.effect(context);
          const label = faultLabel(entry, context, t);
          const note = faultNote(entry, context);
          const isRefused = !entry.enabled(context);
          return {
            id: faultCommandId(entry, subject, name),
            group: 'fault',
            label: name === '' ? label : t('palette.fault', { fault: label, name }),
            keywords: [
              ...textInBoth(entry.label),
              entry.id,
              ...(effect.kind === 'act' ? [printAction(tapes, timed(effect.action))] : []),
            ],
            ...(entry.key === undefined ? {} : { keys: entry.key }),
            ...(note === null ? {} : { note }),
            run: () =>
              isRefused && note !== null
                ? showToast({ kind: 'error', text: t('toast.refused', { action: label, error: note }) })
                : doFault(lab, entry, context),
          };
        })
    );
  });
};

/** Where a point is chosen is lens 4.8: its slider stands at one of the commits that can be restored. */
const restoreSource: CommandSource = ({ t, frame }) =>
  frame !== null && hasBackup(frame.cluster)
    ? [
        {
          id: 'restore',
          group: 'action',
          label: t('palette.restore'),
          keywords: [...textInBoth('palette.restore'), 'PITR', 'restore v1 to lsn'],
          run: () => showPicture({ lens: 'chains', part: 'archive' }),
        },
      ]
    : [];

/** Restored volumes that are whole; the one that the cluster was made with stays. */
const dropSource: CommandSource = ({ lab, t, frame }) => {
  const restores = (frame?.nodes ?? []).flatMap((node) => metaOf(node)?.restores ?? []);
  return restores
    .filter(({ state }) => state === 'done')
    .map(({ volume }) => ({
      id: `dropVolume ${volume}`,
      group: 'action' as const,
      label: t('palette.dropVolume', { volume }),
      keywords: [...textInBoth('palette.dropVolume'), `dropVolume ${volume}`],
      run: () => void doAction(lab, { kind: 'dropVolume', volume }),
    }));
};

/** The page that is selected, and those that are meant by what was typed. */
const followSource: CommandSource = ({ t, pages, asked }) => {
  const { pinned } = followedPage.getState();
  const key = selectedPage();
  const chosen = pages.filter(({ blockKey }) => blockKey === key);
  const named = [...chosen, ...asked.filter(({ blockKey }) => blockKey !== key)];
  return [
    ...named.map((page) => ({
      id: `followPage ${page.group} ${page.blockKey}`,
      group: 'action' as const,
      label: t('follow.named', { page: fullName(page) }),
      keywords: [...textInBoth('follow.page'), fullName(page)],
      run: () => {
        select({ kind: 'page', group: page.group, blockKey: page.blockKey });
        followPage(page.blockKey);
      },
    })),
    ...(pinned === null ? [] : [action('endFollowing', 'follow.end', t, endFollowing)]),
  ];
};

const untilSource: CommandSource = ({ lab, t }) =>
  usualEnds.map(([key, condition]) => ({
    id: `until ${condition}`,
    group: 'action' as const,
    label: t('palette.until', { end: t(key) }),
    keywords: [condition, ...textInBoth(key)],
    run: () => void lab.runUntil(condition),
  }));

/** Terms of the glossary, by every name they have. */
const termSource: CommandSource = () => {
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  return terms.map((term) => ({
    id: `term ${term.key}`,
    group: 'term' as const,
    label: headOf(term, language),
    note: term.text[language],
    keywords: [...term.names, ...(term.labels ?? []), term.gloss],
    run: () => setPanel({ kind: 'keys' }),
  }));
};

export const commandSources: readonly CommandSource[] = [
  keySource,
  viewSource,
  lensSource,
  pictureSource,
  placeSource,
  pageSource,
  objectSource,
  followSource,
  faultSource,
  restoreSource,
  dropSource,
  untilSource,
  presetSource,
  lessonSource,
  termSource,
];
