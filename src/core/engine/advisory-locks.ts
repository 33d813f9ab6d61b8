// Advisory locks (pg_advisory_lock and its kin): numbers that clients agree on. They live in the writer's memory, as row locks do, so
// nobody has one after its crash or a takeover. A lock of a transaction ends with it; one of a session with the session, or by its
// unlock, as often as it was taken. Who waits stands in one line for all of them; who comes later waits behind those whose wish conflicts.

/** PostgreSQL's pg_locks says a number of 64 bits as two halves and 1, two numbers of 32 bits as they are and 2. */
export interface AdvisoryKey {
  readonly high: number;
  readonly low: number;
  readonly parts: 1 | 2;
}

export interface AdvisoryWish {
  readonly key: AdvisoryKey;
  readonly isShared: boolean;
  /** It ends with the transaction. */
  readonly isOfTransaction: boolean;
}

export interface AdvisoryLock extends AdvisoryWish {
  readonly session: string;
  isGranted: boolean;
  /** How often its session has taken it. */
  count: number;
}

/** A session, as far as these locks concern it. */
interface Waiter {
  readonly key: string;
  waiting: { readonly kind: string } | null;
}

/** Where the locks of an engine are: `advisory` in the order in which they were wanted, absent before the first. */
interface Locking<S extends Waiter> {
  advisory?: AdvisoryLock[];
  readonly sessions: ReadonlyMap<string, S>;
  readonly ready: string[];
}

/** Locks that sessions have or wait for, at most: what is beyond is refused (53200). */
export const ADVISORY_LOCKS_MAX = 16_384;

const isSameKey = (a: AdvisoryKey, b: AdvisoryKey): boolean =>
  a.high === b.high && a.low === b.low && a.parts === b.parts;
const isSameLock = (a: AdvisoryWish, b: AdvisoryWish): boolean =>
  isSameKey(a.key, b.key) && a.isShared === b.isShared && a.isOfTransaction === b.isOfTransaction;
const conflict = (a: AdvisoryWish, b: AdvisoryWish): boolean =>
  isSameKey(a.key, b.key) && !(a.isShared && b.isShared);

/** The session to wait for, after which it asks again; `busy`: it does not want to wait. */
export function lockAdvisory<S extends Waiter>(
  engine: Locking<S>,
  own: string,
  wish: AdvisoryWish,
  waits: boolean,
): 'granted' | 'busy' | 'full' | { readonly holder: S } {
  engine.advisory ??= [];
  const line = engine.advisory;
  const known = line.find((one) => one.session === own && isSameLock(one, wish));
  if (known?.isGranted) {
    known.count++;
    return 'granted';
  }
  if (known === undefined && line.length >= ADVISORY_LOCKS_MAX) return 'full';
  const lock: AdvisoryLock = known ?? { ...wish, session: own, isGranted: false, count: 0 };
  if (known === undefined) line.splice(placeFor(line, own, wish.key), 0, lock);
  const [blocker] = advisoryBlockers(engine, own, wish);
  if (blocker === undefined) {
    lock.isGranted = true;
    lock.count = 1;
    return 'granted';
  }
  if (waits) return { holder: blocker.session };
  line.splice(line.indexOf(lock), 1);
  return 'busy';
}

/** At the end, or before the first whose wish conflicts with what the session has: it could never have its turn before. */
function placeFor(line: readonly AdvisoryLock[], own: string, key: AdvisoryKey): number {
  const held = line.filter((one) => one.session === own && one.isGranted && isSameKey(one.key, key));
  const first = line.findIndex(
    (one) => !one.isGranted && one.session !== own && held.some((has) => conflict(has, one)),
  );
  return first < 0 ? line.length : first;
}

/** Whom a session waits for with this wish. */
export function advisoryBlockers<S extends Waiter>(
  { advisory = [], sessions }: Locking<S>,
  own: string,
  wish: AdvisoryWish,
): readonly { readonly session: S; readonly isSoft: boolean }[] {
  const place = advisory.findIndex((one) => one.session === own && !one.isGranted && isSameLock(one, wish));
  return advisory.flatMap((lock, i) => {
    if (lock.session === own || !conflict(lock, wish)) return [];
    const session = sessions.get(lock.session);
    return session && (lock.isGranted || i < place) ? [{ session, isSoft: !lock.isGranted }] : [];
  });
}

/** Lets a session have its lock before those who only wait in the line. */
export function passAdvisory(engine: Locking<Waiter>, session: Waiter): void {
  const { waiting, key } = session;
  const { advisory } = engine;
  const at = advisory?.findIndex((one) => one.session === key && !one.isGranted) ?? -1;
  if (waiting?.kind !== 'advisory' || advisory === undefined || at < 0) return;
  const [lock] = advisory.splice(at, 1);
  if (lock) advisory.unshift(lock);
  session.waiting = null;
  engine.ready.push(key);
}

/** False: the session has no such lock. */
export function unlockAdvisory(engine: Locking<Waiter>, key: string, wish: AdvisoryWish): boolean {
  const at =
    engine.advisory?.findIndex((one) => one.session === key && one.isGranted && isSameLock(one, wish)) ?? -1;
  const lock = engine.advisory?.[at];
  if (lock === undefined) return false;
  lock.count--;
  if (lock.count > 0) return true;
  engine.advisory?.splice(at, 1);
  wakeAdvisory(engine);
  return true;
}

/** Of a transaction what a savepoint comes back to: how often each lock was taken. */
export type AdvisoryMark = readonly { readonly lock: AdvisoryWish; readonly count: number }[];

export const markAdvisory = ({ advisory = [] }: Locking<Waiter>, key: string): AdvisoryMark =>
  advisory
    .filter((one) => one.session === key && one.isGranted && one.isOfTransaction)
    .map((lock) => ({ lock, count: lock.count }));

/**
 * `transaction`: it is over, or undone to a mark. `held`: pg_advisory_unlock_all, of what the session has. `all`: the session is over.
 * Whoever waits looks again.
 */
export function releaseAdvisory(
  engine: Locking<Waiter>,
  key: string,
  what: 'transaction' | 'held' | 'all',
  to: AdvisoryMark = [],
): void {
  const { advisory } = engine;
  if (advisory === undefined || advisory.length === 0) return;
  for (let i = advisory.length - 1; i >= 0; i--) {
    const lock = advisory[i];
    if (lock?.session !== key) continue;
    const isKept = !lock.isGranted
      ? false
      : what === 'held'
        ? lock.isOfTransaction
        : what === 'transaction' && !lock.isOfTransaction;
    if (isKept) continue;
    const count = to.find((one) => isSameLock(one.lock, lock))?.count ?? 0;
    if (lock.isGranted && count > 0) lock.count = count;
    else advisory.splice(i, 1);
  }
  wakeAdvisory(engine);
}

function wakeAdvisory({ sessions, ready }: Locking<Waiter>): void {
  for (const session of sessions.values()) {
    if (session.waiting?.kind !== 'advisory') continue;
    session.waiting = null;
    ready.push(session.key);
  }
}

export const holdsAdvisory = ({ advisory = [] }: Locking<Waiter>, key: string): boolean =>
  advisory.some(({ session }) => session === key);
