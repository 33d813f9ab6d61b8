// Raft transcripts: each case of testdata/ is one sentence of the paper or of docs/spec/raft.md, and what members do by it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runTranscript } from './testing/transcript.ts';

const folder = new URL('./testdata/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  describe(file, () => {
    const cases = readFileSync(new URL(file, folder), 'utf8')
      .trim()
      .split(/\n(?=# )/);
    for (const text of cases) {
      const title = text.slice(2, text.indexOf('\n'));
      test(title, () => expect(runTranscript(text)).toBe(text.trim()));
    }
  });
}
