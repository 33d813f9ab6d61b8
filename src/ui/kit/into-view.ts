// A form that opens where its panel is scrolled: it comes into view, with what it ends with.

import { type RefObject, useEffect, useRef } from 'react';

export function useComesIntoView<Form extends HTMLElement>(): RefObject<Form | null> {
  const form = useRef<Form>(null);
  useEffect(() => {
    void form.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return form;
}
