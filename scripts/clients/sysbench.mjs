// sysbench, whose driver asks for every result in binary and prepares each statement: all six loads of oltp, the two of selects, by two
// threads, on a cluster of each kind that has UNIQUE and plain indexes.
import { has } from './programs.mjs';
import { check, run, served } from './served.mjs';

const LOADS = [
  'oltp_read_only',
  'oltp_read_write',
  'oltp_point_select',
  'oltp_update_index',
  'oltp_update_non_index',
  'oltp_write_only',
  'oltp_insert',
  'oltp_delete',
  'select_random_points',
  'select_random_ranges',
];
const EVENTS = 30;

export async function trySysbench() {
  if (!has('sysbench')) {
    console.log('skipped: sysbench is not installed (sysbench)');
    return;
  }
  for (const preset of ['cynosdb', 'cynosdb-ha', 'polardb'])
    await served(`sysbench-${preset}`, preset, (port) => allLoads(port, preset));
}

/** @param {string} port @param {string} preset */
function allLoads(port, preset) {
  const common = [
    '--db-driver=pgsql',
    '--pgsql-host=127.0.0.1',
    `--pgsql-port=${port}`,
    '--pgsql-user=postgres',
    '--pgsql-db=lab',
    '--tables=2',
    '--table-size=300',
    '--threads=2',
    `--events=${EVENTS}`,
    '--time=0',
  ];
  const made = run(port, 'sysbench', ['oltp_read_only', ...common, 'prepare']);
  check(`sysbench ${preset}: tables`, made.status === 0, made.out);
  for (const load of LOADS) {
    const { status, out } = run(port, 'sysbench', [load, ...common, 'run']);
    const transactions = Number(/transactions:\s+(\d+)/.exec(out)?.[1] ?? 0);
    check(`sysbench ${preset}: ${load}`, status === 0 && transactions === EVENTS, out);
  }
}
