// What a lesson has to be, field by field: for a file that somebody wrote, and for an editor. An error says what is wrong, and
// where: `steps.3.claims.0: "count hole.opened", at character 7: "hole.opened" is no kind of event`.

import * as v from 'valibot';
import { messageFamilies } from '../sim/actions/links.ts';
import { traceKinds } from '../stacks/trace.ts';
import { facts } from './facts.ts';
import type { Lesson, Question } from './format.ts';

const LIMITS = { text: 2_000, line: 64 * 1024, list: 1_000, steps: 20_000, ms: 86_400_000 } as const;

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

const text = v.pipe(v.string(), v.maxLength(LIMITS.text));
const list = <S extends v.GenericSchema>(of: S) => v.pipe(v.array(of), v.maxLength(LIMITS.list));
const whole = v.pipe(v.number(), v.safeInteger());
const ms = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LIMITS.ms));

const words = v.strictObject({ en: text, zh: text });
const fact = parsed(facts.fact);
const claim = parsed(facts.claim);
const claims = list(claim);
const template = parsed(facts.template, LIMITS.line);

const kind = v.picklist(traceKinds);
const where = v.record(text, v.union([text, v.number(), v.boolean()]));
const event = { event: kind, where, nth: v.pipe(whole, v.minValue(1)) };
const trigger = v.variant('kind', [
  v.strictObject({ kind: v.literal('next') }),
  v.strictObject({ kind: v.literal('ms'), ms }),
  v.strictObject({ kind: v.literal('on'), ...event }),
  v.strictObject({ kind: v.literal('before'), ...event }),
  v.strictObject({ kind: v.literal('when'), claims }),
]);

const action = list(
  v.union(
    [
      template,
      v.strictObject({
        message: v.picklist(['drop', 'hold', 'release', 'duplicate']),
        family: v.picklist(messageFamilies),
        from: template,
        to: template,
        lsn: v.exactOptional(v.tuple([whole, whole])),
        group: v.exactOptional(text),
      }),
    ],
    // A union says only that nothing fits: what is wrong with the one that was meant is said instead.
    (issue) => issue.issues?.[0]?.message ?? issue.message,
  ),
);

const focus = v.nullable(
  v.variant('kind', [
    v.strictObject({ kind: v.literal('node'), node: text }),
    v.strictObject({ kind: v.literal('link'), from: text, to: text }),
    v.strictObject({ kind: v.literal('page'), blockKey: whole }),
    v.strictObject({ kind: v.literal('lsns'), first: whole, last: whole }),
  ]),
);
const rule = v.nullable(text);

const base = { id: v.pipe(text, v.nonEmpty()), trigger, facts: v.record(text, fact), claims };

const rangeType = v.picklist(['data', 'hole', 'sent']);
const ranges = list(v.strictObject({ first: whole, last: whole, type: rangeType }));
const choices = v.pipe(list(v.strictObject({ id: text, text: words })), v.minLength(1));
const scale = { low: v.number(), high: v.number() };

const question = v.pipe(
  v.variant('form', [
    v.strictObject({
      form: v.literal('choice'),
      options: choices,
      answer: list(v.strictObject({ option: text, claims })),
    }),
    v.strictObject({ form: v.literal('number'), ...scale, answer: fact }),
    v.strictObject({ form: v.literal('mark'), ...scale, label: words, answer: fact }),
    v.strictObject({
      form: v.literal('ranges'),
      first: whole,
      last: whole,
      types: list(rangeType),
      start: ranges,
      answer: fact,
    }),
    v.strictObject({
      form: v.literal('order'),
      items: choices,
      answer: list(v.strictObject({ item: text, time: fact })),
    }),
    v.strictObject({ form: v.literal('nodes'), slots: choices, nodes: list(text), answer: list(fact) }),
  ]),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed ? unanswered(dataset.value) : null;
    if (message !== null) addIssue({ message });
  }),
);

/** What of an answer is not to be had in the question. */
function unanswered(asked: Question): string | null {
  if (asked.form === 'choice') {
    const strange = asked.answer.find(({ option }) => !asked.options.some(({ id }) => id === option));
    return strange === undefined ? null : `the answer "${strange.option}" is none of the options`;
  }
  if (asked.form === 'order') {
    const isSame =
      asked.answer.length === asked.items.length &&
      asked.items.every(({ id }) => asked.answer.some(({ item }) => item === id));
    return isSame ? null : 'the answer has not exactly the items of the question';
  }
  return asked.form === 'nodes' && asked.answer.length !== asked.slots.length
    ? 'the answer has not as many nodes as there are slots'
    : null;
}

const step = v.variant('kind', [
  v.strictObject({
    ...base,
    kind: v.literal('act'),
    action,
    ask: v.nullable(words),
    isKey: v.boolean(),
  }),
  v.strictObject({ ...base, kind: v.literal('say'), text: words, focus, rule }),
  v.strictObject({
    ...base,
    kind: v.literal('predict'),
    ask: words,
    hint: words,
    question,
    reveal: trigger,
    says: v.nullable(v.union([text, v.number(), list(text), ranges])),
    after: words,
    afterClaims: claims,
    focus,
    rule,
  }),
  v.strictObject({
    ...base,
    kind: v.literal('free'),
    text: words,
    ms,
    suggest: list(v.strictObject({ text: words, line: v.pipe(v.string(), v.maxLength(LIMITS.line)) })),
  }),
]);

const lines = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(LIMITS.line), v.regex(/^[^\n]*$/, 'a line of a tape is one line'))),
  v.maxLength(LIMITS.steps),
);

const lessonSchema = v.strictObject({
  id: v.pipe(text, v.nonEmpty()),
  title: words,
  topic: words,
  level: v.picklist([1, 2, 3]),
  minutes: v.pipe(v.number(), v.minValue(0), v.maxValue(60)),
  rev: whole,
  seeds: list(text),
  rules: list(text),
  goal: words,
  start: v.strictObject({
    preset: text,
    seed: whole,
    head: v.exactOptional(lines),
    config: v.exactOptional(v.record(text, v.number())),
    tape: lines,
    ms,
    lens: text,
    group: v.nullable(text),
    speed: v.pipe(v.number(), v.minValue(1)),
  }),
  steps: v.pipe(
    v.array(step),
    v.minLength(1),
    v.maxLength(LIMITS.steps),
    v.check((steps) => new Set(steps.map(({ id }) => id)).size === steps.length, 'two steps have one id'),
  ),
  pass: claims,
  passWords: words,
  challenge: v.nullable(
    v.strictObject({
      goal: words,
      hints: list(words),
      budget: v.strictObject({ faults: v.pipe(whole, v.minValue(0)), ms }),
      pass: claims,
      solution: list(v.strictObject({ ms, action })),
    }),
  ),
});

/** The lesson, or what is wrong with it: the first of what there is. */
export function readLesson(data: unknown): Lesson | { readonly error: string } {
  const { success, output, issues } = v.safeParse(lessonSchema, data);
  if (success) return output;
  const [issue] = issues;
  const place = v.getDotPath(issue);
  return { error: place === null ? issue.message : `${place}: ${issue.message}` };
}
