// Every caption there is, the world's own and those of the stacks: one entry for each kind of event of rank ≥ 2 (a test asks), and the few ordinary ones that a
// story needs. What a newer engine tells and nobody has put in words yet shows its kind and fields.

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { Claim, ClaimOf } from '../../run-model/says/claims.ts';
import { type Translate, translateLoose } from '../i18n/i18n.ts';
import { plainWords } from '../i18n/texts.ts';
import type { Hue } from '../kit/button.tsx';
import { eventText } from '../model/event-text.ts';
import type { RuleName } from '../rules/registry.ts';
import { stackTables } from '../stacks/tables.ts';
import type { CaptionEntry, CaptionIcon, Moment } from './caption-table.ts';
import { short, TAKES_PLACE } from './caption-table.ts';
import { worldCaptions } from './captions-world.ts';
import { claimWords } from './claim-words.ts';
import { volumeOfGroup } from './story.ts';
import '../../words/story/story.en.json';

const entries = new Map<TraceKind, CaptionEntry>(
  [worldCaptions, ...stackTables.map(({ captions }) => captions ?? [])]
    .flat()
    .map((entry) => [entry.kind, entry]),
);

export const hasCaption = (kind: TraceKind): boolean => entries.has(kind);

/** What the strip says of one event, or of several of a kind. */
export interface Caption {
  readonly kind: TraceKind;
  readonly hue: Hue;
  readonly icon: CaptionIcon;
  readonly rule: RuleName;
  readonly weight: number;
  /** The part of a lens that shows what it is about comes forward. */
  readonly brings: boolean;
  readonly moments: readonly Moment[];
  /** The event that *Why?* and *Show raw* speak of: the newest. */
  readonly moment: Moment;
}

const wordless: CaptionEntry = {
  kind: 'world.action',
  hue: 'text-muted',
  rule: () => 'tape.action',
  icon: () => 'tape',
  weight: () => 10,
  brings: false,
  conclude: () => null,
  say: (moments) => {
    const event = moments.at(-1)?.listed.event;
    return event === undefined ? '' : short(`${event.kind} ${eventText(event)}`, 58);
  },
};

export function captionOf(moments: readonly Moment[]): Caption | null {
  const moment = moments.at(-1);
  if (moment === undefined) return null;
  const { kind } = moment.listed.event;
  const entry = entries.get(kind) ?? wordless;
  const weight = Math.max(...moments.map((one) => entry.weight(one)));
  return {
    kind,
    hue: entry.hue,
    icon: entry.icon(moment),
    rule: entry.rule(moment),
    weight,
    brings: entry.brings || weight >= TAKES_PLACE,
    moments,
    moment,
  };
}

/** The volume that an event is about; null where it names none, or the run has one only. */
export function volumeOf({ listed: { event }, story: { cluster, volumes } }: Moment): string | null {
  if (volumes.size === 0) return null;
  if ('volume' in event && event.volume !== '') return event.volume;
  if (!('group' in event) || event.group === '') return null;
  return volumeOfGroup({ cluster, volumes }, event.group);
}

/** Reads a sentence for what it names: its key and parameters. */
function happened(say: (t: Translate) => string): Pick<ClaimOf<'happened'>, 'kind' | 'key' | 'params'> {
  let key = '';
  let params: ClaimOf<'happened'>['params'] = {};
  say((name, ...rest) => {
    const [given] = rest;
    if (given !== undefined) [key, params] = [name, given];
    else if (key === '') key = name;
    return translateLoose(name, given ?? {});
  });
  return { kind: 'happened', key, params };
}

/** What a caption claims: `sim says` holds it against the run. */
export function claimOf({ moments, kind }: Caption): Claim {
  const entry = entries.get(kind) ?? wordless;
  const grounds = moments.map(({ listed }) => ({ index: listed.index, kind }));
  return { ...(entry.conclude(moments) ?? happened((t) => entry.say(moments, t))), grounds };
}

/** Of a run in which a rule is switched off: what happened, where a text says as well what follows from rules. */
const withoutRule = (t: Translate): Translate =>
  ((key, ...params) => {
    const other = `${key}.ruleOff`;
    return t((plainWords('en', other) === undefined ? key : other) as typeof key, ...params);
  }) satisfies Translate;

/** The words of a caption: `describe` of the story. Where a run has several volumes it says which, if its words do not. */
export function describeCaption({ moments, moment, kind }: Caption, translate: Translate): string {
  const t = moment.story.isRuleOff ? withoutRule(translate) : translate;
  const entry = entries.get(kind) ?? wordless;
  const concluded = entry.conclude(moments);
  const said = concluded === null ? entry.say(moments, t) : claimWords(concluded, t);
  const volume = volumeOf(moment);
  return volume === null || said.split(/[^\w-]+/).includes(volume)
    ? said
    : t('story.ofVolume', { volume, said });
}
