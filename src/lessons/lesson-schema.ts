// What a lesson file has to be, field by field: for who writes one, for an editor (docs/lesson.schema.json is made from it), and for
// what a stranger opens. An error says where it is, and what is wrong:
// `H01, step 4 "list", claims.0: "count hole.opened", at character 7: "hole.opened" is no kind of event`.

import * as v from 'valibot';
import { profiles } from '../presets/parameters.ts';
import { messageFamilies } from '../sim/actions/links.ts';
import { traceKinds } from '../stacks/trace.ts';
import { facts } from './facts.ts';
import { about, clusterField, lines, listOf, name, PART_LIMITS, text, whole } from './schema-parts.ts';
import { FORMS, messageActionOf, triggerOf } from './short-forms.ts';

export const LESSON_FORMAT = 'postdb-lesson 4';
const LIMITS = { ...PART_LIMITS, ms: 86_400_000 } as const;

const list = listOf(1_000);

/** What is wrong with a text that does not parse. */
function complaint(parse: (text: string) => unknown, text: string): string | null {
  try {
    parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const parsed = (parse: (text: string) => unknown, length: number = LIMITS.text) =>
  v.pipe(
    v.string(),
    v.maxLength(length),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? complaint(parse, dataset.value) : null;
      if (message !== null) addIssue({ message });
    }),
  );

const ms = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LIMITS.ms));
const fact = parsed(facts.fact);
const claim = parsed(facts.claim);
const claims = list(claim);

const eventKinds: ReadonlySet<string> = new Set(traceKinds);

function checkTrigger(written: string): void {
  const trigger = triggerOf(written);
  if (trigger.kind === 'when') for (const one of trigger.claims) facts.claim(one);
  if (trigger.kind !== 'on' && trigger.kind !== 'before') return;
  const [kind = ''] = trigger.event.split(' ');
  if (!eventKinds.has(kind)) throw new Error(`"${written}": "${kind}" is no kind of event`);
  if (facts.claim(trigger.event).predicate.kind !== 'event')
    throw new Error(`"${written}": a trigger waits for one kind of event`);
}

const trigger = v.union(
  [
    v.pipe(
      v.string(),
      v.maxLength(LIMITS.text),
      v.regex(
        FORMS.trigger,
        ({ received }) =>
          `${received} is no trigger: next, at 41 ms, on EVENT, on nth 2 EVENT, before EVENT, when CLAIM`,
      ),
      v.rawCheck(({ dataset, addIssue }) => {
        const message = dataset.typed ? complaint(checkTrigger, dataset.value) : null;
        if (message !== null) addIssue({ message });
      }),
    ),
    v.strictObject({ when: claims }),
  ],
  // A union says only that nothing fits: what is wrong with the one that was meant is said instead.
  (issue) => issue.issues?.[0]?.message ?? issue.message,
);

const families: readonly string[] = messageFamilies;

function checkAction(written: string): void {
  const messages = messageActionOf(written);
  if (messages === null && /^(?:drop|hold|release|duplicate)Messages\b/.test(written))
    throw new Error(`"${written}": it is written dropMessages FAMILY FROM > TO group=g1 lsn=[108,112)`);
  if (messages === null) facts.template(written);
  else if (!families.includes(messages.family))
    throw new Error(`"${written}": ${messages.family} is no family of messages: ${families.join(', ')}`);
  else for (const node of [messages.from, messages.to]) facts.template(node);
}
const action = list(parsed(checkAction, LIMITS.line));

const focus = v.pipe(
  text,
  v.regex(
    FORMS.focus,
    ({ received }) => `${received} is no place: store-3, rw-1 > store-3, page 9/1, lsns [108, 112)`,
  ),
);
const ranges = v.pipe(
  text,
  v.regex(FORMS.ranges, ({ received }) => `${received} is no status list: data:104-108,hole:108-112`),
);

const base = {
  trigger: v.exactOptional(about(trigger, 'When it comes: `next`, when it is left out.')),
  facts: v.exactOptional(about(v.record(text, fact), 'Values that its words have in braces, by name.')),
  claims: v.exactOptional(about(claims, 'What its words say of the run, when its trigger has come.')),
};
const shown = {
  focus: v.exactOptional(about(focus, 'What it points at: a node, a link, a page, positions in the log.')),
  rule: v.exactOptional(about(text, 'The rule that *Why?* opens.')),
};

const ids = v.pipe(list(name), v.minLength(1));
const scale = { low: v.number(), high: v.number() };
const answerOfOption = v.strictObject({
  option: text,
  claims: v.exactOptional(about(claims, 'The answer is the first option whose claims are all so.')),
});

const question = v.pipe(
  v.variant('form', [
    v.strictObject({ form: v.literal('choice'), options: ids, answer: list(answerOfOption) }),
    v.strictObject({ form: v.literal('number'), ...scale, answer: fact }),
    v.strictObject({ form: v.literal('mark'), ...scale, answer: about(fact, 'A place on the axis.') }),
    v.strictObject({
      form: v.literal('ranges'),
      first: whole,
      last: whole,
      types: list(v.picklist(['data', 'hole', 'sent'])),
      start: about(ranges, 'What is drawn before anything is.'),
      answer: about(fact, 'A status list, `store-3 list.g1`.'),
    }),
    v.strictObject({
      form: v.literal('order'),
      items: ids,
      answer: about(
        list(v.strictObject({ item: text, time: fact })),
        'When each came about; what came at one time stays in this order, what never came is last.',
      ),
    }),
    v.strictObject({
      form: v.literal('nodes'),
      slots: ids,
      nodes: about(list(text), 'Of which each slot gets one.'),
      answer: about(list(fact), 'A fact for each slot.'),
    }),
  ]),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed ? unanswered(dataset.value) : null;
    if (message !== null) addIssue({ message });
  }),
);

/** What of an answer is not to be had in the question. */
function unanswered(asked: WrittenQuestion): string | null {
  if (asked.form === 'choice') {
    const strange = asked.answer.find(({ option }) => !asked.options.includes(option));
    return strange === undefined ? null : `the answer "${strange.option}" is none of the options`;
  }
  if (asked.form === 'order') {
    const isSame =
      asked.answer.length === asked.items.length &&
      asked.items.every((id) => asked.answer.some(({ item }) => item === id));
    return isSame ? null : 'the answer has not exactly the items of the question';
  }
  return asked.form === 'nodes' && asked.answer.length !== asked.slots.length
    ? 'the answer has not as many nodes as there are slots'
    : null;
}

const step = v.variant('kind', [
  v.strictObject({
    id: v.exactOptional(name),
    kind: v.literal('act'),
    ...base,
    action: about(
      action,
      'Lines of the tape without their time, with facts in braces; what is done to messages.',
    ),
    asks: v.exactOptional(about(v.boolean(), 'A person is asked to do it; the script does it by itself.')),
    isKey: v.exactOptional(about(v.boolean(), 'The lesson does not pass without it.')),
  }),
  v.strictObject({ id: name, kind: v.literal('say'), ...base, ...shown }),
  v.strictObject({
    id: name,
    kind: v.literal('predict'),
    ...base,
    question,
    reveal: v.exactOptional(about(trigger, 'When the truth is read: `next`, when it is left out.')),
    says: v.exactOptional(
      about(
        v.union([text, v.number(), list(text)]),
        'The answer that the words after it speak of; left out: they hold whatever it is.',
      ),
    ),
    afterClaims: v.exactOptional(about(claims, 'What the words after it say of the run.')),
    ...shown,
  }),
  v.strictObject({
    id: name,
    kind: v.literal('free'),
    ...base,
    ms: about(ms, 'Virtual ms that the script lets pass.'),
    suggest: v.exactOptional(
      about(
        list(v.pipe(v.string(), v.maxLength(LIMITS.line))),
        'Lines of the tape that are offered as buttons.',
      ),
    ),
  }),
]);

const start = v.strictObject({
  cluster: about(
    clusterField,
    'The name of a preset, or the lines of a cluster (docs/spec/presets.md); its loads are those of the tape below.',
  ),
  profile: v.exactOptional(about(v.picklist(profiles), 'The cluster’s own, when it is left out.')),
  seed: v.exactOptional(about(whole, 'The cluster’s own, when it is left out.')),
  broken: v.exactOptional(about(list(text), 'Planted bugs.')),
  config: v.exactOptional(about(v.record(text, v.number()), 'Parameters that differ from the profile’s.')),
  tape: v.exactOptional(about(lines, 'Lines of the tape before the lesson begins, with their times.')),
  ms: about(ms, 'The lesson begins at this virtual time.'),
  lens: v.exactOptional(about(text, '`wal`, when it is left out.')),
  group: v.exactOptional(about(v.nullable(text), 'Whose log the lens shows: `g1`, when it is left out.')),
  speed: v.exactOptional(
    about(v.pipe(v.number(), v.minValue(1)), 'Virtual µs in a wall second: 1000, when it is left out.'),
  ),
});

const wordsOfLanguage = v.record(text, text);

export const lessonSchema = v.strictObject({
  $schema: v.exactOptional(v.string()),
  format: v.literal(LESSON_FORMAT),
  id: name,
  level: v.picklist([1, 2, 3]),
  minutes: v.pipe(v.number(), v.minValue(0), v.maxValue(60)),
  rules: v.exactOptional(about(list(text), 'The rules that it is about.')),
  start,
  steps: v.pipe(v.array(step), v.minLength(1), v.maxLength(LIMITS.steps)),
  pass: about(
    claims,
    'What is so when it has been passed, beside that every prediction was right in the end.',
  ),
  challenge: v.exactOptional(
    v.strictObject({
      budget: v.strictObject({ faults: v.pipe(whole, v.minValue(0)), ms }),
      pass: about(claims, 'It is met once all are so.'),
      solution: about(
        list(v.strictObject({ ms, action })),
        'What meets it, each with its ms after it began.',
      ),
    }),
  ),
  words: v.exactOptional(
    about(
      v.strictObject({ en: wordsOfLanguage, zh: wordsOfLanguage }),
      'Its words by language; of a lesson of the library they are files beside it.',
    ),
  ),
});

export type WrittenLesson = v.InferOutput<typeof lessonSchema>;
export type WrittenStep = WrittenLesson['steps'][number];
export type WrittenQuestion = Extract<WrittenStep, { kind: 'predict' }>['question'];

/** `H01, step 4 "list", claims.0`. */
function placeOf(data: unknown, { path }: v.BaseIssue<unknown>): string {
  const keys = (path ?? []).map(({ key }) => String(key));
  const [first, index, ...rest] = keys;
  const id: unknown = Reflect.get(Object(data), 'id');
  const places = typeof id === 'string' ? [id] : [];
  if (first !== 'steps' || index === undefined) return [...places, keys.join('.')].filter(Boolean).join(', ');
  const named: unknown = Reflect.get(Object(path?.[1]?.value), 'id');
  places.push(`step ${Number(index) + 1}${typeof named === 'string' ? ` "${named}"` : ''}`);
  return [...places, rest.join('.')].filter(Boolean).join(', ');
}

/** The lesson as it is written, or what is wrong with it: the first of what there is. */
export function checkWritten(data: unknown): WrittenLesson | { readonly error: string } {
  const { success, output, issues } = v.safeParse(lessonSchema, data);
  if (success) return output;
  const [issue] = issues;
  const place = placeOf(data, issue);
  return { error: place === '' ? issue.message : `${place}: ${issue.message}` };
}
