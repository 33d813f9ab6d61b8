// `sim fsck`: a tape at full speed, then a structure check of every volume's pages as its replicas would serve them.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { FsckReport } from '../sim/fsck/findings.ts';
import { findingLine, fsck } from '../sim/fsck/fsck.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { programOf, runtimeOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openTape } from './open-tape.ts';

export async function fsckTape(
  path: string,
  options: { readonly at?: string | undefined; readonly json?: boolean | undefined },
): Promise<ExitCode> {
  const opened = await openTape(path, '--at', options.at);
  if (opened === null) return exitCodes.usage;
  const { spec, program } = opened.setup;
  const { pagesOf } = runtimeOf(spec.cluster);
  if (pagesOf === null) {
    console.error(`${path}: a cluster of ${spec.cluster.preset} keeps no pages`);
    return exitCodes.usage;
  }
  const world = makeWorld<unknown, unknown>(spec);
  runWorld(
    world,
    { program: programOf(program), edge: await loadSqlEdge(), tape: tapes },
    { until: opened.until },
  );
  const reports = pagesOf(world).map(fsck);
  if (options.json === true) console.log(JSON.stringify(reports, null, 1));
  else for (const report of reports) printReport(report);
  if (reports.length === 0) {
    const at = world.fabric.now / 1000;
    console.error(`at ${at} ms no volume can be read as a whole: some group has no replica that serves VDL`);
    return exitCodes.harness;
  }
  return reports.every(({ found }) => found === 0) ? exitCodes.ok : exitCodes.violation;
}

function printReport(report: FsckReport): void {
  const { volume, at, pages, tables, rows, entries, leaves, emptyLeaves, innerPages, levels } = report;
  console.log(
    `${volume} at LSN ${at}: ${pages} pages, ${tables} tables, ${rows} rows, ${entries} index entries; index pages: ${leaves} leaves (${emptyLeaves} empty), ${innerPages} inner, at most ${levels} levels`,
  );
  for (const finding of report.findings) console.log(`  ${findingLine(finding)}`);
  console.log(report.found === 0 ? '  clean' : `  ${report.found} findings`);
}
