// The beats of an incident: its title and what is known of it, each thing that is done, and what it shows, with the question which
// of the two sides it will be.

import { assert } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { type Incident, openAt, type Side } from '../../incidents/incident.ts';
import { makeBeat, printBeat } from '../../sim/beat.ts';
import type { TapeMark } from '../../sim/tape.ts';
import { lineWords } from '../faults/action-words.ts';
import { type Both, inBoth } from '../i18n/both.ts';
import { differenceWords, sideWords } from './difference-words.ts';
import '../../words/incidents.en.json';

/** Things that are done in one presentation; of more the first are beats. */
const MOST_BEATS = 8;

interface Done {
  readonly at: Time;
  readonly lines: readonly string[];
}

/** What is done to the cluster, by time; where nothing is done to it, the statements that are the story. */
function doneIn(actions: readonly string[]): readonly Done[] {
  const all = actions.map((line) => {
    const [, ms = '', rest = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
    assert(rest !== '', `${line} has a time`);
    return { at: Math.round(Number(ms) * 1000), line: rest };
  });
  const faults = all.filter(({ line }) => !/^(sql|workload)/.test(line));
  const told = faults.length > 0 ? faults : all;
  const times = [...new Set(told.map(({ at }) => at))].sort((a, b) => a - b).slice(0, MOST_BEATS);
  return times.map((at) => ({
    at: at as Time,
    lines: told.flatMap((one) => (one.at === at ? [one.line] : [])),
  }));
}

const actionsOf = ({ actions, counterpart }: Incident, side: Side): readonly string[] =>
  side === 'breaks' && 'actions' in counterpart ? counterpart.actions : actions;

const join = (first: Both, second: Both): Both => ({
  en: `${first.en}\n${second.en}`,
  zh: `${first.zh}\n${second.zh}`,
});

export function incidentBeats(incident: Incident, side: Side): readonly TapeMark[] {
  const { words, untilMs } = incident;
  const begin = openAt(incident);
  const end = (untilMs * 1000) as Time;
  const done = doneIn(actionsOf(incident, side)).filter(({ at }) => at > begin && at < end);
  const shows = (of: Side): Both => inBoth((t) => differenceWords(incident, of, t));
  return [
    makeBeat(begin, {
      title: words.title,
      notes: join(
        words.known,
        inBoth((t) => sideWords(incident, side, t)),
      ),
      question: inBoth((t) => t('incident.ask')),
      answers: [shows('holds'), shows('breaks')],
    }),
    ...done.map(({ at, lines }) =>
      makeBeat(at, {
        title: inBoth((t) =>
          t('incident.now', { what: lines.map((line) => lineWords(line, t)).join(' · ') }),
        ),
      }),
    ),
    makeBeat(end, { title: shows(side), notes: words[side] }),
  ].map(printBeat);
}
