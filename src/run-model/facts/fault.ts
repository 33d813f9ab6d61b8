// What is wrong with the text of a fact or a claim, and where: a code for a screen that speaks another language, and the same in English.

export type FactFault =
  | { readonly code: 'tooLong'; readonly limit: number }
  | { readonly code: 'unexpected'; readonly text: string }
  | { readonly code: 'missing' }
  | { readonly code: 'expected'; readonly wanted: string }
  /** No node, group or volume is called so. */
  | {
      readonly code: 'unknown';
      readonly what: 'node' | 'group' | 'volume';
      readonly text: string;
      readonly known: string;
    }
  /** Neither an event nor a number that can be compared. */
  | { readonly code: 'noName'; readonly text: string; readonly known: string }
  | { readonly code: 'noField'; readonly event: string; readonly text: string; readonly known: string }
  | { readonly code: 'noNumber' }
  | { readonly code: 'noOperator' }
  /** Of the past or of a node's state, where only what events say is followed. */
  | { readonly code: 'notFollowed'; readonly text: string; readonly known: string }
  /** What only an author meets. */
  | { readonly code: 'other'; readonly why: string };

export function faultText(fault: FactFault): string {
  switch (fault.code) {
    case 'tooLong':
      return `longer than ${fault.limit} characters`;
    case 'unexpected':
      return `“${fault.text}” is not expected here`;
    case 'missing':
      return 'something is missing at the end';
    case 'expected':
      return `“${fault.wanted}” is expected`;
    case 'unknown':
      return `no ${fault.what} “${fault.text}”: ${fault.known}`;
    case 'noName':
      return `“${fault.text}” is no event and none of ${fault.known}`;
    case 'noField':
      return `an event ${fault.event} has no field “${fault.text}”, but ${fault.known}`;
    case 'noNumber':
      return 'a number is expected';
    case 'noOperator':
      return 'one of >= <= > < = != is expected';
    case 'notFollowed':
      return `“${fault.text}” is not followed here: ask for an event or for one of ${fault.known}`;
    case 'other':
      return fault.why;
  }
}

/** `position` counts characters from 0. */
export class BadFact extends Error {
  readonly position: number;
  readonly fault: FactFault;
  constructor(text: string, position: number, fault: FactFault) {
    super(`"${text}", at character ${position + 1}: ${faultText(fault)}`);
    this.position = position;
    this.fault = fault;
  }
}
