// What is wrong with the text of a fact or a claim, and where: a code and its parts, for a screen that speaks another language, and English.

const english = {
  tooLong: 'longer than {limit} characters',
  unexpected: '“{text}” is not expected here',
  missing: 'something is missing at the end',
  expected: '“{wanted}” is expected',
  noNode: 'no node “{text}”: {known}',
  noGroup: 'no group “{text}”: {known}',
  noVolume: 'no volume “{text}”: {known}',
  /** Neither an event nor a number that can be compared. */
  noName: '“{text}” is no event and none of {known}',
  noField: 'an event {event} has no field “{text}”, but {known}',
  noNumber: 'a number is expected',
  noOperator: 'one of >= <= > < = != is expected',
  /** Of the past or of a node's state, where only what events say is followed. */
  notFollowed: '“{text}” is not followed here: ask for an event or for one of {known}',
  /** What only an author meets. */
  other: '{why}',
} as const;

type Part = 'limit' | 'text' | 'wanted' | 'known' | 'event' | 'why';
export type FactFault = { readonly code: keyof typeof english } & { readonly [P in Part]?: string };

export const faultText = (fault: FactFault): string =>
  english[fault.code].replaceAll(/\{(\w+)\}/g, (_, part: Part) => fault[part] ?? '');

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  /** `position` counts characters from 0; `error` is the fault in English. */
  | { readonly ok: false; readonly position: number; readonly error: string; readonly fault: FactFault };

export class BadFact extends Error {
  readonly position: number;
  readonly fault: FactFault;
  constructor(text: string, position: number, fault: FactFault) {
    super(`"${text}", at character ${position + 1}: ${faultText(fault)}`);
    this.position = position;
    this.fault = fault;
  }
}

/** What is read, or what is wrong with the text. */
export function attempt<T>(read: () => T): Read<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof BadFact)) throw error;
    const { position, fault } = error;
    return { ok: false, position, error: faultText(fault), fault };
  }
}
