// The faces of the screen that `npm run shots` looks at: eight widths, two themes, two languages. A visit keeps its language and its
// layout (several columns, or one below 1024 px, where parts are opened elsewhere) and changes width and theme in place.

/** @typedef {{name: string, width: number, height: number, theme: 'light' | 'dark'}} Face */
/** @typedef {{name: string, locale: 'en-GB' | 'zh-CN', faces: readonly Face[]}} Visit */

/** Those below 1024 are 1920 × 1080 and 1280 × 800 at 200 and 400 % zoom. The first of each is that in which a state is reached. */
const layouts = /** @type {const} */ ([
  ['wide', [1280, 1920, 2560, 1024]],
  ['column', [640, 960, 480, 320]],
]);
/** Else 16:9. */
const heights = new Map([
  [320, 200],
  [640, 400],
  [1280, 800],
]);

/** @type {readonly Visit[]} */
export const visits = layouts.flatMap(([layout, widths]) =>
  /** @type {const} */ (['en-GB', 'zh-CN']).map((locale) => {
    const language = locale.slice(0, 2);
    return {
      name: `${layout}-${language}`,
      locale,
      faces: widths.flatMap((width) =>
        /** @type {const} */ (['light', 'dark']).map((theme) => ({
          name: `${width}-${theme}-${language}`,
          width,
          height: heights.get(width) ?? Math.round((width * 9) / 16),
          theme,
        })),
      ),
    };
  }),
);
