// AT TIME ZONE: between moments and the clocks of a zone, by the names that the platform's own data have. UTC and zones of a fixed
// offset need none of it.

import type { IntervalValue, Timestamp } from './access.ts';
import { asciiUpper } from './ascii.ts';
import { checkedTimestamp, daysOf, isFiniteMicros, UNIX_EPOCH_MICROS } from './datetime.ts';
import { fail, unsupported } from './failure.ts';
import { formatInterval } from './interval-form.ts';

/** Microseconds that the zone's clocks are ahead of UTC at a moment. */
type Zone = (micros: bigint) => bigint;

const SECOND = 1_000_000n;
const fixed =
  (seconds: number): Zone =>
  () =>
    BigInt(seconds) * SECOND;

/** POSIX counts to the west. */
const POSIX = /^(?:[A-Z]{3,})?([+-])(\d{1,2})(?::?(\d\d))?(?::?(\d\d))?$/;
const NAME = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/;

function zoneNamed(name: string): Zone {
  const upper = asciiUpper(name.trim());
  if (upper === 'UTC' || upper === 'GMT' || upper === 'Z' || upper === 'ZULU') return fixed(0);
  const posix = POSIX.exec(upper);
  if (posix !== null) {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = posix;
    const west = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    if (west > 167 * 3600) fail('22023', `time zone "${name}" not recognized`);
    return fixed(sign === '-' ? west : -west);
  }
  if (/^[A-Z]{2,5}$/.test(upper)) return unsupported(`time zone ${name}`);
  return NAME.test(name) ? zoneOfPlatform(name) : fail('22023', `time zone "${name}" not recognized`);
}

const FIELDS = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  era: 'short',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

function zoneOfPlatform(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: name });
  } catch {
    return fail('22023', `time zone "${name}" not recognized`);
  }
  return (micros) => {
    const seconds = micros / SECOND - (micros % SECOND < 0n ? 1n : 0n);
    const parts = new Map(
      format
        .formatToParts(Number(seconds * 1000n + UNIX_EPOCH_MICROS / 1000n))
        .map(({ type, value }) => [type, value]),
    );
    const of = (part: Intl.DateTimeFormatPartTypes): number => Number(parts.get(part));
    const year = parts.get('era')?.startsWith('B') === true ? 1 - of('year') : of('year');
    const days = daysOf({ year, month: of('month'), day: of('day') });
    const local = days * 86_400 + of('hour') * 3600 + of('minute') * 60 + of('second');
    return (BigInt(local) - seconds) * SECOND;
  };
}

function zoneOfInterval(value: IntervalValue): Zone {
  if (value.months !== 0 || value.days !== 0)
    fail('22023', `interval time zone "${formatInterval(value)}" must not include months or days`);
  return () => (value.micros / SECOND) * SECOND;
}

const zoneOf = (zone: string | IntervalValue): Zone =>
  typeof zone === 'string' ? zoneNamed(zone) : zoneOfInterval(zone);

/** What the zone's clocks show. */
export function clocksIn(zone: string | IntervalValue, { micros }: Timestamp): Timestamp {
  if (!isFiniteMicros(micros)) return { kind: 'timestamp', micros };
  return checkedTimestamp('timestamp', micros + zoneOf(zone)(micros));
}

const DAY = 86_400n * SECOND;

/** The moment at which they show it: of two the later one, and what none shows is read by the clocks before they were moved. */
export function momentIn(zone: string | IntervalValue, { micros }: Timestamp): Timestamp {
  if (!isFiniteMicros(micros)) return { kind: 'timestamptz', micros };
  const offset = zoneOf(zone);
  const [earlier, later] = [offset(micros - DAY), offset(micros + DAY)];
  const [before, after] = [micros - earlier, micros - later];
  const isBefore = offset(before) === earlier;
  const isAfter = offset(after) === later;
  const isOne = isBefore !== isAfter;
  const found = isOne ? (isBefore ? before : after) : earlier < later ? before : after;
  return checkedTimestamp('timestamptz', found);
}
