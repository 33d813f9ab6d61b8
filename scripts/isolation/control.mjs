// What a player of interleavings asks on a connection of its own (spec.mjs): who waits, and that for a while nothing becomes durable.

/** Virtual ms that pass before it is asked who waits: longer than a deadlock takes to be found. */
const LOOK_MS = 50;
const COUNT_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
/** While nothing becomes durable, who commits or defines waits as well: in PostgreSQL for its standby, in the lab for a quorum, or for readers that replay its lock. */
const COUNT_HELD = `${COUNT_WAITING} or wait_event in ('SyncRep', 'WalSync', 'DdlLockReplay')`;

/**
 * `letPass`: lets time pass; `hold`, `letGo`: from here on nothing becomes durable, or again.
 * @typedef {{letPass: string, hold: readonly string[], letGo: readonly string[]}} Controls
 */

/** @param {readonly string[]} nodes Whose disks are the log's. @returns {Controls} */
export const labControls = (nodes) => ({
  letPass: `call lab.wait(${LOOK_MS})`,
  hold: nodes.map((node) => `call lab.disk_stall('${node}')`),
  letGo: nodes.map((node) => `call lab.disk_ok('${node}')`),
});

/** @param {string} names */
const standbys = (names) => [
  `alter system set synchronous_standby_names = '${names}'`,
  'select pg_reload_conf()',
  'select pg_sleep(0.3)',
];

/** A PostgreSQL beside it, asked by a superuser: a standby that never comes. @type {Controls} */
export const POSTGRES = {
  letPass: 'select pg_sleep(0.4)',
  hold: standbys('nobody'),
  letGo: standbys(''),
};

/**
 * @param {import('./spec.mjs').Connections['ask']} ask
 * @param {Controls} [controls]
 * @returns {Pick<import('./spec.mjs').Connections, 'waiting' | 'hold'>}
 */
export function controlOf(ask, { letPass, hold, letGo } = labControls([])) {
  let count = COUNT_WAITING;
  /** @param {string} sql */
  const expect = async (sql) => {
    const answer = await ask('control', sql);
    if (answer.error !== null) throw new Error(`${sql}: ${answer.error}`);
    return answer;
  };
  return {
    hold: async (isHeld) => {
      count = isHeld ? COUNT_HELD : COUNT_WAITING;
      for (const sql of isHeld ? hold : letGo) await expect(sql);
    },
    waiting: async () => {
      await expect(letPass);
      return Number((await expect(count)).results[0]?.rows[0]?.[0]);
    },
  };
}
