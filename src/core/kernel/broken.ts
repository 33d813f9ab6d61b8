// Break-the-protocol switches of one volume: `name@volume` is in force there alone, `name` everywhere.

export const brokenAt = (broken: readonly string[], volume: string): readonly string[] =>
  broken.map((name) => (name.endsWith(`@${volume}`) ? name.slice(0, -volume.length - 1) : name));
