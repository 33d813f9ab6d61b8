// What the forge reads: workflows run commands that there are, in shares that are all of them; a form of an issue asks for the tape.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const text = v.string();
const step = v.strictObject({
  if: v.optional(text),
  uses: v.optional(text),
  run: v.optional(text),
  shell: v.optional(v.literal('bash')),
  with: v.optional(v.record(text, v.union([text, v.number(), v.boolean()]))),
  env: v.optional(v.record(text, text)),
});
const job = v.strictObject({
  if: v.optional(text),
  needs: v.optional(text),
  'runs-on': v.literal('ubuntu-latest'),
  'timeout-minutes': v.optional(v.pipe(v.number(), v.maxValue(360))),
  strategy: v.optional(
    v.strictObject({ 'fail-fast': v.boolean(), matrix: v.strictObject({ shard: v.array(v.number()) }) }),
  ),
  env: v.optional(v.record(text, text)),
  steps: v.array(step),
});
const workflow = v.strictObject({
  name: text,
  on: v.record(text, v.unknown()),
  permissions: v.strictObject({ contents: v.picklist(['read', 'write']) }),
  concurrency: v.optional(v.strictObject({ group: text, 'cancel-in-progress': v.boolean() })),
  jobs: v.record(text, job),
});

const folder = join('.github', 'workflows');
const files = readdirSync(folder);
const read = (file: string) => v.parse(workflow, parse(readFileSync(join(folder, file), 'utf8')));
const own: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

test.each(files)('%s is by its form, and each of its commands is there', (file) => {
  for (const { steps } of Object.values(read(file).jobs))
    for (const { run, uses } of steps) {
      expect([run, uses].filter((one) => one !== undefined)).toHaveLength(1);
      for (const [, name = ''] of (run ?? '').matchAll(/npm run (?:-s )?(\w+)/g))
        expect(own).toHaveProperty([name]);
      for (const [, script = ''] of (run ?? '').matchAll(/node (scripts\/[\w-]+\.mjs)/g))
        expect(existsSync(script), script).toBe(true);
      // What comes from outside a workflow is handed to a shell by its environment alone.
      expect(run ?? '').not.toMatch(/\$\{\{ *(?:inputs|github)\./);
    }
});

test.each(files)('%s: its shares are all', (file) => {
  for (const { strategy, steps } of Object.values(read(file).jobs)) {
    if (strategy === undefined) continue;
    const { shard } = strategy.matrix;
    expect(shard).toEqual(shard.map((_, i) => i + 1));
    expect(steps.some(({ run }) => run?.includes(`--shard \${{ matrix.shard }}/${shard.length}`))).toBe(true);
  }
});

test('a push runs the two commands of the README', () => {
  const commands = Object.values(read('test.yaml').jobs).flatMap(({ steps }) => steps.map(({ run }) => run));
  expect(commands).toEqual(
    expect.arrayContaining(['npm ci', 'npm test', expect.stringContaining('npm start')]),
  );
});

test('the nightly run keeps what each share said, also when it failed', () => {
  const [steps] = Object.values(read('nightly.yaml').jobs).map((one) => one.steps);
  expect(steps?.at(-1)).toMatchObject({ if: 'always()', uses: expect.stringContaining('upload-artifact') });
});

const field = v.strictObject({
  type: v.picklist(['textarea', 'input']),
  id: text,
  attributes: v.strictObject({
    label: text,
    description: v.optional(text),
    placeholder: v.optional(text),
    render: v.optional(text),
  }),
  validations: v.optional(v.strictObject({ required: v.boolean() })),
});
const form = v.strictObject({ name: text, description: text, labels: v.array(text), body: v.array(field) });

test('a form of an issue asks for the tape, and that of a fault needs one', () => {
  for (const name of ['fault', 'wish']) {
    const path = join('.github', 'ISSUE_TEMPLATE', `${name}.yml`);
    const { body } = v.parse(form, parse(readFileSync(path, 'utf8')));
    expect(new Set(body.map(({ id }) => id)).size).toBe(body.length);
    const tape = body.find(({ id }) => id === 'tape');
    expect(tape?.validations?.required ?? false).toBe(name === 'fault');
  }
});
