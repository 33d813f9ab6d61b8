// Words for the units of time, as PostgreSQL knows them: by their first ten letters.

const WORDS = {
  microseconds: 'microsecon us usec usecs useconds',
  milliseconds: 'millisecon ms msec msecs mseconds',
  second: 's sec secs second seconds',
  minute: 'm min mins minute minutes',
  hour: 'h hr hrs hour hours',
  day: 'd day days',
  week: 'w week weeks',
  month: 'mon mons month months',
  quarter: 'qtr quarter',
  year: 'y yr yrs year years',
  decade: 'dec decs decade decades',
  century: 'c cent century centuries',
  millennium: 'mil mils millennia millennium',
};

export type TimeUnit = keyof typeof WORDS;

const UNITS: ReadonlyMap<string, TimeUnit> = new Map(
  Object.entries(WORDS).flatMap(([unit, words]) => words.split(' ').map((word) => [word, unit as TimeUnit])),
);
const LETTERS = 10;

/** `word`: in lower case. */
export const unitNamed = (word: string): TimeUnit | undefined => UNITS.get(word.slice(0, LETTERS));
