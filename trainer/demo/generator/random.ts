import { createHash } from "node:crypto";

import { randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Uniform in [0, 1). */
export type Random = () => number;

/** The random numbers called `name` under this seed: streams of other names neither shift nor resemble them. */
export function randomStream(seed: number, name: string): Random {
  const hash = createHash("sha256")
    .update(`${String(seed)}/${name}`)
    .digest();
  const bits = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => hash.readInt32LE(offset)));
  return () => uniformFloat64(bits);
}

/** A stationary first-order autoregression around 0: `sd` is that of the values, not of the steps. */
export function autoregression(random: Random, phi: number, sd: number): () => number {
  const step = randomNormal.source(random)(0, sd * Math.sqrt(1 - phi * phi));
  let value = randomNormal.source(random)(0, sd)();
  return () => (value = phi * value + step());
}
