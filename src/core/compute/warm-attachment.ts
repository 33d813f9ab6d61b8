// The buffer of a standby that is promoted (docs/spec/readers.md READ-32): the records that the stores kept, up to VDL′, are known once the
// volume is recovered; where the standby has them all it applies those that its pages lack and goes on with its buffer, else the buffer
// begins empty. The page of the volume's metadata is left out: the term-start record changes it without the engine.

import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import { keepOf } from '../reader/join.ts';
import type { Attachment } from './attachment-state.ts';
import { bindWriter } from './writer-ports.ts';

/** Before the engine of the new writer is open. */
export function warmUp<E>(
  program: EngineProgram<E>,
  attachment: Attachment<E>,
  ctx: RoleContext,
  writer: WriterState,
): void {
  const { warm, recovery, config } = attachment;
  const { recovered } = recovery;
  attachment.warm = null;
  if (!warm || !recovered || !program.reader) return;
  const { mutants } = config;
  const { vdlPrime, history } = recovered;
  const { expected, history: known, table } = warm.receiver;
  const isWhole =
    has(mutants, 'attachment.keeps-behind') || keepOf(expected - 1, known, history) === vdlPrime;
  const upTo = has(mutants, 'attachment.keeps-annulled') ? writer.tail : vdlPrime;
  const { kept, dropped } = program.reader.keepPages(
    attachment.engine,
    ctx,
    bindWriter(writer, ctx),
    warm.engine,
    {
      upTo,
      changes: (blockKey) => {
        if (!isWhole || blockKey === VOLUME_KEY) return null;
        return has(mutants, 'attachment.keeps-unapplied')
          ? []
          : (table.get(blockKey) ?? []).filter(({ lsn }) => lsn <= upTo);
      },
    },
  );
  const { volume, term: token } = writer;
  trace(ctx, { kind: 'attachment.kept', volume, token, vdl: vdlPrime, kept, dropped });
}
