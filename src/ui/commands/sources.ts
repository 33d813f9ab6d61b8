// Everything a person can do or go to, gathered from the tables that the rest of the screen is made of: keys, lenses,
// faults with their targets, nodes, links, messages, presets, terms. A new table is one more source here.

import { lessonEntries } from '../../lessons/catalogue.ts';
import { offeredPresets } from '../../sim/presets.ts';
import { printAction } from '../../sim/tape-print.ts';
import { breakpointOf } from '../../state/breakpoint.ts';
import { hasBackup } from '../../state/role-views.ts';
import { goTo } from '../../state/route-store.ts';
import {
  select,
  selectionStore,
  selectLink,
  selectLsn,
  selectMessage,
  selectNode,
  setPanel,
} from '../../state/selection-store.ts';
import { type DockTab, setSettings, settingsStore } from '../../state/settings-store.ts';
import { setStepSize, stepSizes } from '../../state/step-size.ts';
import { glossary } from '../about/content.ts';
import { downloadRun, downloadTape } from '../dialogs/download.ts';
import { doAction } from '../faults/do-action.ts';
import { doFault } from '../faults/do-fault.ts';
import { faultLabel } from '../faults/fault-label.ts';
import type { MenuSubject } from '../faults/menu-store.ts';
import { entriesFor, type FaultContext, type FaultEntry, faultSubjects, timed } from '../faults/registry.ts';
import { subjectName } from '../faults/subject-name.ts';
import { flightName, isHeartbeat } from '../glyphs/flight-text.ts';
import { currentLanguage, type MessageKey, setLanguage, textInBoth } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';
import { lensesNow } from '../lens/registry.ts';
import { metaOf } from '../model/node-facts.ts';
import { showLens } from '../model/show-lens.ts';
import { terms } from '../rules/terms.ts';
import { usualEnds } from '../story/run-until-ends.ts';
import { goToEvent } from '../time/go-to-event.ts';
import type { Command, CommandSource } from './command.ts';
import { fullName, type KnownPage } from './known-pages.ts';
import { shortcuts, shortcutText } from './shortcuts.ts';

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

const lensSource: CommandSource = ({ t }) =>
  lensesNow().map(({ id, title, digit }) => ({
    id: `lens ${id}`,
    group: 'lens' as const,
    label: t('palette.lens', { name: t(title) }),
    keywords: textInBoth(title),
    keys: digit,
    run: () => showLens(id),
  }));

const docks: readonly (readonly [DockTab, MessageKey])[] = [
  ['timeline', 'dock.timeline'],
  ['events', 'dock.events'],
  ['sql', 'dock.sql'],
  ['metrics', 'dock.metrics'],
  ['inFlight', 'dock.inFlight'],
  ['tape', 'dock.tape'],
  ['workload', 'dock.workload'],
];

const viewSource: CommandSource = ({ lab, t }) => [
  ...docks.map(([tab, key]) => ({
    id: `dock ${tab}`,
    group: 'lens' as const,
    label: t('palette.dock', { name: textInBoth(key)[0] ?? tab }),
    keywords: textInBoth(key),
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
  ...([true, false] as const).map((on) => ({
    id: `skipQuiet ${on}`,
    group: 'action' as const,
    label: t(on ? 'palette.skipOn' : 'palette.skipOff'),
    keywords: textInBoth(on ? 'palette.skipOn' : 'palette.skipOff'),
    run: () => lab.setSkipQuiet(on),
  })),
  {
    id: 'share',
    group: 'action',
    label: t('toolbar.share'),
    keywords: textInBoth('toolbar.share'),
    run: () => setPanel({ kind: 'share' }),
  },
  {
    id: 'import',
    group: 'action',
    label: t('menu.import'),
    keywords: textInBoth('menu.import'),
    run: () => setPanel({ kind: 'import' }),
  },
  {
    id: 'export',
    group: 'action',
    label: t('menu.export'),
    keywords: textInBoth('menu.export'),
    run: () => void downloadTape(lab),
  },
  ...(
    [
      ['trace', 'menu.exportTrace'],
      ['edn', 'menu.exportEdn'],
      ['history', 'menu.exportHistory'],
    ] as const
  ).map(([kind, key]) => ({
    id: `export ${kind}`,
    group: 'action' as const,
    label: t(key),
    keywords: textInBoth(key),
    run: () => void downloadRun(lab, kind),
  })),
  {
    id: 'settings',
    group: 'action',
    label: t('settings.title'),
    keywords: textInBoth('settings.title'),
    run: () => setPanel({ kind: 'settings' }),
  },
  {
    id: 'forget',
    group: 'action',
    label: t('menu.forget'),
    keywords: textInBoth('menu.forget'),
    run: () => setPanel({ kind: 'forget' }),
  },
];

const presetSource: CommandSource = ({ lab, t, frame }) =>
  offeredPresets.map((preset) => ({
    id: `preset ${preset}`,
    group: 'run' as const,
    label: t('palette.preset', { name: preset }),
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
  {
    id: 'rulesOff',
    group: 'run',
    label: t('menu.rulesOff'),
    keywords: textInBoth('menu.rulesOff'),
    run: () => setPanel({ kind: 'rulesOff' }),
  },
];

/** Every page by its name and its id, as far as they are known. */
const pageSource: CommandSource = ({ t, pages }) =>
  pages.map(({ group, blockKey, name, where }) => ({
    id: `page ${group} ${blockKey}`,
    group: 'place',
    label: t('palette.go', { name: t('palette.page', { page: name, group: where }) }),
    keywords: [name, where, `page ${blockKey}`, String(blockKey)],
    run: () => {
      select({ kind: 'page', group, blockKey });
      inspect();
    },
  }));

/** Groups, and the event of the number that was typed. */
const objectSource: CommandSource = ({ lab, t, frame, event }) => {
  if (frame === null) return [];
  const objects = frame.cluster.groups.map(
    ({ id }): Command => ({
      id: `group ${id}`,
      group: 'place',
      label: t('palette.go', { name: t('palette.group', { group: id }) }),
      keywords: [id],
      run: () => {
        select({ kind: 'group', id });
        inspect();
      },
    }),
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
  const places: Command[] = frame.nodes.map(({ id }) => ({
    id: `node ${id}`,
    group: 'place' as const,
    label: t('palette.go', { name: id }),
    run: () => {
      selectNode(id);
      inspect();
    },
  }));
  for (const flight of frame.flights.filter((one) => !isHeartbeat(one)))
    places.push({
      id: `message ${flight.id}`,
      group: 'place',
      label: t('palette.go', { name: flightName(flight, t('flight.to')) }),
      keywords: [flight.id],
      run: () => {
        selectMessage(flight.id);
        inspect();
      },
    });
  for (const link of frame.links.filter(({ from, to }) => from < to))
    places.push({
      id: `link ${link.from}|${link.to}`,
      group: 'place',
      label: t('palette.go', { name: `${link.from}–${link.to}` }),
      run: () => {
        selectLink(link.from, link.to);
        inspect();
      },
    });
  if (lsn !== null)
    places.unshift({
      id: 'lsn',
      group: 'place',
      label: t('palette.go', { name: `LSN ${groupDigits(lsn)}` }),
      keywords: [`lsn ${lsn}`, String(lsn)],
      run: () => {
        selectLsn(lsn);
        inspect();
      },
    });
  return places;
};

/** One for each line, or the list would keep lines of an earlier search: zones have no name, a copy has its message's. */
export const faultCommandId = (entry: FaultEntry, subject: MenuSubject, name: string): string =>
  `fault ${entry.id} ${subject.kind === 'message' || subject.kind === 'zone' ? subject.id : name}`;

/** What can be done to something, and to pages that were typed in full. */
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
    const name = page === undefined ? subjectName(subject, frame, t) : fullName(page);
    return entriesFor(context)
      .filter((entry) => entry.enabled(context))
      .map((entry): Command => {
        const effect = entry.effect(context);
        const label = faultLabel(entry, context, t);
        return {
          id: faultCommandId(entry, subject, name),
          group: 'fault',
          label: name === '' ? label : t('palette.fault', { fault: label, name }),
          keywords: [
            ...textInBoth(entry.label),
            entry.id,
            ...(effect.kind === 'act' ? [printAction(timed(effect.action))] : []),
          ],
          ...(entry.key === undefined ? {} : { keys: entry.key }),
          run: () => doFault(lab, entry, context),
        };
      });
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
          run: () => showLens('chains'),
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

const untilSource: CommandSource = ({ lab, t }) =>
  usualEnds.map(([key, condition]) => ({
    id: `until ${condition}`,
    group: 'action' as const,
    label: t('palette.until', { end: t(key) }),
    keywords: [condition, ...textInBoth(key)],
    run: () => void lab.runUntil(condition),
  }));

/** Terms of the help, then those that only the glossary has. */
const termSource: CommandSource = ({ t }) => {
  const namesOf = (name: string): readonly string[] => name.split(/, | \/ /);
  const glossesOf = (names: readonly string[]): readonly string[] =>
    glossary.filter(({ name }) => names.includes(name)).map(({ gloss }) => gloss);
  const helped = new Set(terms.flatMap(({ name }) => namesOf(name)));
  return [
    ...terms.map(({ name, key }) => ({
      id: `term ${name}`,
      group: 'term' as const,
      label: `${name}: ${t(key)}`,
      keywords: [name, ...textInBoth(key), ...glossesOf(namesOf(name))],
      run: () => setPanel({ kind: 'keys' }),
    })),
    ...glossary
      .filter(({ name }) => !helped.has(name))
      .map(({ name, gloss, text }) => ({
        id: `glossary ${name}`,
        group: 'term' as const,
        label: name,
        note: currentLanguage() === 'zh-CN' ? text.zh : text.en,
        keywords: [gloss],
        run: () => goTo('about'),
      })),
  ];
};

export const commandSources: readonly CommandSource[] = [
  keySource,
  viewSource,
  lensSource,
  placeSource,
  pageSource,
  objectSource,
  faultSource,
  restoreSource,
  dropSource,
  untilSource,
  presetSource,
  lessonSource,
  termSource,
];
