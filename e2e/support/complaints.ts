// What a page must never say: console errors, uncaught exceptions (page and workers), policy
// violations. A journey fails on any, unless it announced that it would provoke one.
import type { BrowserContext, Page } from '@playwright/test';

export interface Complaints {
  /** A journey that provokes an error says which, and only that one passes. */
  expect(pattern: RegExp): void;
  unexpected(): readonly string[];
}

export interface ComplaintLog extends Complaints {
  watch(context: BrowserContext): Promise<void>;
}

/** Chromium reports every failed request as a console error; the address is in its location, not in its text. */
const reportBinding = 'reportPolicyViolation';

export function makeComplaintLog(): ComplaintLog {
  const seen: string[] = [];
  const expected: RegExp[] = [];
  const watchPage = (page: Page): void => {
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      seen.push(`console error: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => seen.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('crash', () => seen.push('the page crashed'));
  };
  return {
    expect: (pattern) => void expected.push(pattern),
    unexpected: () => seen.filter((line) => !expected.some((pattern) => pattern.test(line))),
    async watch(context) {
      context.pages().forEach(watchPage);
      context.on('page', watchPage);
      await context.exposeBinding(reportBinding, (_source, text: string) => {
        seen.push(`policy violation: ${text}`);
      });
      await context.addInitScript((binding) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const report: unknown = Reflect.get(window, binding);
          const text = `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`;
          if (typeof report === 'function') report(text);
        });
      }, reportBinding);
    },
  };
}
