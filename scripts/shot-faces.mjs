// The faces of the screen that `npm run shots` looks at: eight widths, two themes, two languages; and four devices on which a finger
// is the pointer, of the phone each of its parts. A visit keeps its language and its layout (several columns, or one below 1024 px,
// where parts are opened elsewhere; or the finger) and changes width, theme, letters and part in place.

/**
 * @typedef {{name: string, width: number, height: number, theme: 'light' | 'dark', letters: import('./room.mjs').Letters,
 *   part?: number}} Face `part`: which tab of a phone. */
/** @typedef {{name: string, locale: 'en-GB' | 'zh-CN', isTouch?: boolean, faces: readonly Face[]}} Visit */

const languages = /** @type {const} */ (['en-GB', 'zh-CN']);

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
const byMouse = layouts.flatMap(([layout, widths]) =>
  languages.map((locale) => {
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
          // What is only seen when it is scrolled to is looked at in the light.
          letters: theme === 'light' ? 'wider' : width === widths[0] ? 'own' : 'narrower',
        })),
      ),
    };
  }),
);

/** Tablets on their side and upright, and a phone. Boxes do not depend on the theme. */
const devices = /** @type {const} */ ([
  ['tablet', 1366, 768],
  ['tablet', 1180, 820],
  ['tablet', 820, 1180],
  ['phone', 390, 844],
]);
const parts = ['map', 'story', 'lens', 'time'];

/** @type {readonly Visit[]} */
const byFinger = languages.map((locale) => {
  const language = locale.slice(0, 2);
  return {
    name: `touch-${language}`,
    locale,
    isTouch: true,
    faces: devices.flatMap(([device, width, height]) => {
      const face = {
        name: `touch-${width}-${language}`,
        width,
        height,
        theme: /** @type {const} */ ('light'),
        letters: height > width ? /** @type {const} */ ('wider') : /** @type {const} */ ('narrower'),
      };
      if (device === 'tablet') return [face];
      return parts.map((name, part) => ({ ...face, name: `${face.name}-${name}`, part }));
    }),
  };
});

/** @type {readonly Visit[]} */
export const visits = [...byMouse, ...byFinger];
