// Finds by role and accessible name, inside a page: WebDriver has no such question that both engines answer.

export interface Target {
  readonly role: string;
  readonly name?: string | RegExp;
  readonly within?: Target;
  /** Only one that is not disabled, at the place where a pointer would press it. */
  readonly isReachable?: boolean;
}

export interface Found {
  readonly name: string;
  readonly text: string;
  readonly value: string;
  /** The middle of what is seen of it; null: nothing. */
  readonly place: { readonly x: number; readonly y: number } | null;
}

interface PlainTarget {
  readonly role: string;
  readonly name?: string;
  readonly pattern?: string;
  readonly within?: PlainTarget;
  readonly isReachable?: boolean;
}

/** Goes to the page as text, so it brings all that it needs. */
export function findInPage(wanted: PlainTarget): Found[] {
  const native: Readonly<Record<string, string>> = {
    button: 'button',
    link: 'a[href]',
    textbox: 'input:not([type]), input[type=text], textarea, [contenteditable=true]',
    spinbutton: 'input[type=number]',
    searchbox: 'input[type=search]',
    combobox: 'select',
    dialog: 'dialog',
    group: 'fieldset',
    status: 'output',
    article: 'article',
    region: 'section',
    complementary: 'aside',
    heading: 'h1, h2, h3, h4',
    cell: 'td',
    row: 'tr',
    listitem: 'li',
    list: 'ul, ol',
    form: 'form',
  };
  const tidy = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
  const nameOf = (element: Element): string => {
    const labels = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter((id) => id !== '');
    if (labels.length > 0)
      return tidy(labels.map((id) => document.getElementById(id)?.textContent).join(' '));
    const label = element.getAttribute('aria-label');
    if (label !== null) return tidy(label);
    if ('labels' in element && element.labels instanceof NodeList && element.labels.length > 0)
      return tidy([...element.labels].map((one) => one.textContent).join(' '));
    const said = document.createElement('p');
    said.append(...[...element.childNodes].map((one) => one.cloneNode(true)));
    for (const unsaid of said.querySelectorAll('[aria-hidden=true]')) unsaid.remove();
    return tidy(said.textContent);
  };
  const placeOf = (element: Element): Found['place'] => {
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const x = Math.round(left + width / 2);
    const y = Math.round(top + height / 2);
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (element.contains(hit) || hit.contains(element)) ? { x, y } : null;
  };
  const find = (target: PlainTarget): Element[] => {
    const roots = target.within === undefined ? [document.documentElement] : find(target.within);
    const own = native[target.role];
    const selector = `[role=${target.role}]${own === undefined ? '' : `, ${own}`}`;
    const pattern = target.pattern === undefined ? null : new RegExp(target.pattern);
    return [...new Set(roots.flatMap((root) => [...root.querySelectorAll(selector)]))].filter((element) => {
      const role = element.getAttribute('role');
      if (role !== null && role !== target.role) return false;
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      if (target.isReachable === true && (element.matches(':disabled') || placeOf(element) === null))
        return false;
      const name = nameOf(element);
      return pattern === null ? target.name === undefined || name === target.name : pattern.test(name);
    });
  };
  return find(wanted).map((element) => ({
    name: nameOf(element),
    text: tidy(element.textContent),
    value: 'value' in element ? String(element.value) : '',
    place: wanted.isReachable === true ? placeOf(element) : null,
  }));
}
