// What a promoted reader goes on with of its buffer (docs/spec/readers.md READ-32): its pages, each brought to VDL′ by the records of
// the journal that it holds. Which records those are, and whether they are all that there are, the attachment says (compute/warm-attachment.ts).

import type { Lsn } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { pageKind, pageKinds, pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { keepPage } from './buffer-pool.ts';
import { makeEnv } from './engine-env.ts';
import type { EngineState } from './engine-state.ts';
import { withJournal } from './page-versions.ts';
import type { EnginePorts, JournalChange } from './ports.ts';
import { recordArrival } from './relation.ts';

export interface Warm {
  /** No page is kept that has a record above it. */
  readonly upTo: Lsn;
  /** Records of a page that the reader held, up to there; null: the page is not to be kept. */
  readonly changes: (blockKey: PageKey) => readonly JournalChange[] | null;
}

export interface KeptPages {
  readonly kept: number;
  readonly dropped: number;
}

/** Into the buffer of a writer's engine that is not open yet. A page that was still on its way, or that its records do not continue (READ-4), is left out. */
export function keepPages(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  reader: EngineState,
  { upTo, changes }: Warm,
): KeptPages {
  const env = makeEnv(engine, ctx, ports);
  const counts = { kept: 0, dropped: 0 };
  for (const { blockKey, page } of reader.pool.frames) {
    if (blockKey < 0) continue;
    const records = page === null ? null : changes(blockKey);
    const whole = page === null || records === null ? null : withJournal(page, records);
    if (whole === null || pageLsn(whole) > upTo || !keepPage(engine.pool, blockKey, whole)) {
      counts.dropped++;
      continue;
    }
    counts.kept++;
    if (pageKind(whole) === pageKinds.heap) recordArrival(env, blockKey, whole);
  }
  return counts;
}
