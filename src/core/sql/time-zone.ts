// AT TIME ZONE: between moments and the clocks of a zone of a fixed offset. Named zones are 0A000: core reads no data of the platform.

import type { IntervalValue, Timestamp } from './access.ts';
import { asciiUpper } from './ascii.ts';
import { checkedTimestamp, isFiniteMicros } from './datetime.ts';
import { fail, unsupported } from './failure.ts';
import { formatInterval } from './interval-form.ts';

/** Microseconds that the zone's clocks are ahead of UTC. */
type Zone = bigint;

const SECOND = 1_000_000n;
const fixed = (seconds: number): Zone => BigInt(seconds) * SECOND;

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
  return NAME.test(name)
    ? unsupported(`time zone ${name}`)
    : fail('22023', `time zone "${name}" not recognized`);
}

function zoneOfInterval(value: IntervalValue): Zone {
  if (value.months !== 0 || value.days !== 0)
    fail('22023', `interval time zone "${formatInterval(value)}" must not include months or days`);
  return (value.micros / SECOND) * SECOND;
}

const zoneOf = (zone: string | IntervalValue): Zone =>
  typeof zone === 'string' ? zoneNamed(zone) : zoneOfInterval(zone);

/** What the zone's clocks show. */
export function clocksIn(zone: string | IntervalValue, { micros }: Timestamp): Timestamp {
  if (!isFiniteMicros(micros)) return { kind: 'timestamp', micros };
  return checkedTimestamp('timestamp', micros + zoneOf(zone));
}

/** The moment at which they show it. */
export function momentIn(zone: string | IntervalValue, { micros }: Timestamp): Timestamp {
  if (!isFiniteMicros(micros)) return { kind: 'timestamptz', micros };
  return checkedTimestamp('timestamptz', micros - zoneOf(zone));
}
