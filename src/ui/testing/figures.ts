// What the words of a page say of how far each node is, whichever part says it and in whichever wording, and where two parts that show one
// instant disagree. Everything is read from text, as a person reads it.

/** What a part of the screen says, and of which instant; null: time stands, and every part shows the same. */
export interface PartText {
  readonly part: string;
  readonly instant: string | null;
  /** By node: the text about it in this part, lines joined by spaces. */
  readonly nodes: Readonly<Record<string, string>>;
}

interface Figure {
  readonly part: string;
  readonly instant: string | null;
  readonly node: string;
  readonly quantity: 'safe' | 'has' | 'sees' | 'term' | 'commit';
  /** The group or volume that the words name. */
  readonly of: string | null;
  readonly value: number;
}

const NUMBER = '(\\d[\\d\u00a0\u202f\u2009]*)(?![\\w.])';

/** The plain and the field's words of one quantity, as cards, outline and tables have them. */
const wordings: readonly (readonly [Figure['quantity'], string])[] = [
  ['safe', `(?<!behind |/ )(?:VDL|durableLsn|log safe up to|log durable up to)(?: (v\\d+))? ${NUMBER}`],
  ['safe', `(v\\d+) safe up to ${NUMBER}`],
  ['has', `(?:SCL|has all up to)(?: (g\\d+))? ${NUMBER}`],
  ['has', `has (g\\d+) up to ${NUMBER}`],
  ['sees', `(?<!reported )(?:applyLsn|sees all up to)() ${NUMBER}`],
  ['term', `\\bterm() ${NUMBER}`],
  ['commit', `\\bcommit() ${NUMBER}`],
];

const numberIn = (text: string): number => Number(text.replace(/\D/g, ''));

export function figuresOf({ part, instant, nodes }: PartText): readonly Figure[] {
  return Object.entries(nodes).flatMap(([node, text]) =>
    wordings.flatMap(([quantity, pattern]) =>
      [...text.matchAll(new RegExp(pattern, 'g'))].map(([, of, value = '']) => ({
        part,
        instant,
        node,
        quantity,
        of: of === undefined || of === '' ? null : of,
        value: numberIn(value),
      })),
    ),
  );
}

const text = ({ part, node, quantity, of, value }: Figure): string =>
  `${part} says of ${node}: ${quantity}${of === null ? '' : ` ${of}`} ${value}`;

/** One of them may speak of another group than the other where it names none. */
const isOfOne = (a: Figure, b: Figure): boolean =>
  a.node === b.node && a.quantity === b.quantity && a.instant === b.instant && a.of === b.of;

/**
 * Pairs that name one quantity of one node at one instant with different values. A figure that names no group is that of one of those that
 * another part lists.
 */
export function disagreements(figures: readonly Figure[]): readonly string[] {
  const named = figures.flatMap((a, i) =>
    figures
      .slice(i + 1)
      .filter((b) => a.of !== null && isOfOne(a, b) && a.value !== b.value)
      .map((b) => `${text(a)}; ${text(b)}`),
  );
  const unnamed = figures
    .filter(({ of }) => of === null)
    .flatMap((a) => {
      const others = figures.filter(
        (b) => b.part !== a.part && b.node === a.node && b.quantity === a.quantity && b.instant === a.instant,
      );
      return others.length === 0 || others.some(({ value }) => value === a.value)
        ? []
        : [`${text(a)}; ${others.map(text).join(', ')}`];
    });
  return [...named, ...unnamed];
}
